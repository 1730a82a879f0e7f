"""How the house itself shows: its state, its health, somebody's settings."""

from bot.views import (
    CaughtUp,
    ChannelRow,
    FeedRow,
    FeedState,
    HealthView,
    PlatformRow,
    PlatformState,
    SettingsView,
    StatusView,
)
from tests.bot.views.samples import HOUR_MS, at

STATUS = StatusView(
    feed=FeedState.LIVE,
    rows=(
        FeedRow(symbol="BTCUSDT", last_id=3217338290, age_ms=84, is_fresh=True),
        FeedRow(symbol="ETHUSDT", last_id=17, age_ms=84_000),
        FeedRow(symbol="SOLUSDT"),
    ),
    database_is_up=True,
    open_count=12_345,
    started_at_ms=at(9),
    now_ms=at(12),
    database="PostgreSQL 17.4",
    database_latency_ms=2,
    clock_offset_ms=-1_500,
    caught_up=CaughtUp(since_ms=at(8), until_ms=at(9), prints=1_234_567, fills=2),
)
SETTINGS = SettingsView(
    locale="en",
    zone="Europe/Lisbon",
    confirm="buttons",
    card_money="hidden",
    theme="dark",
    channels=(
        ChannelRow(channel="telegram:1", is_told=True),
        ChannelRow(channel="discord:2", is_told=False, is_gone=True),
    ),
)
HEALTH = HealthView(
    platforms=(
        *(
            PlatformRow(platform="telegram", state=state, since_ms=at(9), queued=12)
            for state in PlatformState
        ),
        PlatformRow(platform="discord", state=PlatformState.AWAY, since_ms=at(9), reason="503"),
    ),
    is_armed=True,
    database_is_up=True,
    is_paused=False,
    people=14_210,
    open_trades=10_000,
    waiting_orders=3,
    pending_deliveries=120,
    dead_deliveries=2,
    memory_mb=212,
    lag_ms=14,
    up_ms=3 * HOUR_MS,
)
