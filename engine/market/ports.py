"""What the price feed takes and gives: sink of prints, place to resume after, settings, facts."""

from typing import Protocol

from msgspec import Struct

from engine.core.events import PriceTick, TapeQuiet


class Sink(Protocol):
    """Who acts on prints. Called synchronously, on the loop's thread, in id order per symbol."""

    def on_tick(self, tick: PriceTick) -> bool:
        """Take one print; each comes once. False: not now, offer it again after `Feed.release`."""
        ...

    def on_quiet(self, quiet: TapeQuiet) -> None:
        """Take the proof that a symbol had no further print (RULES 3)."""
        ...


class Anchor(Struct, frozen=True, array_like=True):
    """A place on a symbol's tape: the last print acted on. The next one wanted is `last_id + 1`."""

    last_id: int
    last_price: str
    last_time_ms: int


class FeedConfig(Struct, frozen=True, kw_only=True):
    """Hosts, limits and intervals of the feed. Every default is explained in facts of the venue.

    Venue limits (per IP or connection): 5 messages/s, 1,024 streams, 300 attempts / 5 min, 24 h,
    6,000 REST weight a minute. The defaults stay well inside, so that two processes fit.
    """

    stream_urls: tuple[str, ...] = (
        "wss://data-stream.binance.vision",
        "wss://stream.binance.com:9443",
        "wss://stream.binance.com:443",
    )
    rest_urls: tuple[str, ...] = (
        "https://data-api.binance.vision",
        "https://api.binance.com",
        "https://api-gcp.binance.com",
    )
    canary: str = "BTCUSDT"
    streams_per_connection: int = 1000
    streams_per_message: int = 100
    message_spacing_seconds: float = 0.34
    ack_timeout_seconds: float = 5.0
    refused_seconds: float = 10.0
    connect_timeout_seconds: float = 10.0
    close_timeout_seconds: float = 0.3
    frame_timeout_seconds: float = 30.0
    ping_after_seconds: float = 2.0
    canary_timeout_seconds: float = 15.0
    deaf_after_seconds: float = 10.0
    deaf_check_seconds_max: float = 60.0
    watch_interval_seconds: float = 0.5
    backoff_seconds_min: float = 0.25
    backoff_seconds_max: float = 30.0
    healthy_after_seconds: float = 60.0
    attempts_max: int = 60
    attempts_window_seconds: float = 300.0
    rollover_seconds: float = 23 * 3600.0
    rollover_jitter_seconds: float = 600.0
    overlap_seconds_max: float = 10.0
    linger_seconds: float = 60.0
    fresh_frame_seconds: float = 5.0
    fresh_print_ms: int = 60_000
    fresh_lag_ms: int = 3_000
    held_prints_max: int = 50_000
    drain_prints_max: int = 1_000
    recheck_seconds: float = 5.0
    fill_retry_seconds: float = 0.5
    fill_retry_seconds_max: float = 15.0
    quiet_grace_ms: int = 500
    quiet_retry_seconds: float = 0.5
    quiet_retry_seconds_max: float = 5.0
    clock_interval_seconds: float = 600.0
    rest_timeout_seconds: float = 10.0
    rest_parallel_max: int = 4
    weight_per_minute: int = 2_400
    weight_burst: int = 1_200
    weight_limit: int = 6_000
    void_print_tries: int = 5


class ConnectionStatus(Struct, frozen=True):
    """Facts of one supervised connection, for `/status` and `doctor`."""

    host: str
    is_connected: bool
    frame_age_seconds: float | None
    streams: int
    reconnects: int
    last_error: str


class SymbolStatus(Struct, frozen=True):
    """Facts of one watched symbol. `has_hole`: ids are known to be missing right now."""

    symbol: str
    last_id: int | None
    last_time_ms: int | None
    has_hole: bool
    is_subscribed: bool
    is_held: bool
    holes_filled: int
    duplicates: int


class FeedStatus(Struct, frozen=True):
    """Facts of the whole feed. `weight_used` is the venue's own count for this minute and IP."""

    connections: tuple[ConnectionStatus, ...]
    symbols: tuple[SymbolStatus, ...]
    rest_host: str
    is_rest_reachable: bool
    weight_used: int
    banned_seconds: float
    garbage_frames: int

    @property
    def is_reachable(self) -> bool:
        """Whether any connection to the venue is open."""
        return any(connection.is_connected for connection in self.connections)
