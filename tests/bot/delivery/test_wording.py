"""From a stored notice to what its reader sees, in his language."""

from decimal import Decimal
from typing import Any

import pytest

from bot.delivery.courier import Priority
from bot.delivery.wording import Wording, nonce_of, plain, priority_of
from bot.messages import Button, Message
from db.outbox import Claimed
from db.queries.records import Broadcast, Notice
from engine.clock import ManualClock
from tests.bot.delivery.scene import CATALOG, context
from tests.support.effects import T0_MS, Owner, entry_order, exited, exits_set, opened

ENTRY = opened(entry_order(Owner(1, 1), 1))


def claimed(effect: Any, **known: Any) -> Claimed:
    notice = Notice(
        id=7, user_id=1, effect=effect, currency="USDT", decided_at_ms=T0_MS, number=47, **known
    )
    return Claimed(notice, "telegram:1", 1, "1", "pt-BR", "America/Sao_Paulo")


def wording(after_seconds: float = 1.0) -> Wording:
    given = context()
    given.clock = ManualClock(T0_MS + round(after_seconds * 1000))
    return Wording(given, CATALOG)


@pytest.mark.parametrize(
    ("effect", "first", "priority"),
    [
        (ENTRY, "✅ BTC comprado #47 · 500,00 USDT", Priority.ALERT),
        (exited(ENTRY.trade, "49000"), "🛑 Stop em BTC · ", Priority.EXIT),
        (Broadcast(text="<b>olá</b>"), "📣 <b>olá</b>", Priority.BROADCAST),
    ],
)
def test_a_notice_is_worded_in_its_readers_language_by_its_class(effect, first, priority):
    known = claimed(effect, balance=Decimal(9_989))
    message = wording().message(known)
    assert message is not None
    assert message.lines[0].startswith(first)
    assert (message.locale, message.picture) == ("pt-BR", None)
    assert priority_of(known.notice) is priority


def test_what_its_owner_did_himself_is_nothing_to_tell():
    assert wording().message(claimed(exits_set(ENTRY.trade, "48000", "k"))) is None


@pytest.mark.parametrize(
    ("after_seconds", "known", "is_dated"),
    [(5, {}, False), (90_000, {}, True), (90_000, {"late_since_ms": T0_MS - 1000}, False)],
)
def test_what_is_told_very_late_carries_its_time_once(after_seconds, known, is_dated):
    known = claimed(exited(ENTRY.trade, "49000"), balance=Decimal(1), **known)
    message = wording(after_seconds).message(known)
    assert message is not None
    assert message.lines[-1].startswith("🕓") is is_dated


def test_a_plain_message_is_its_lines_alone():
    button = Button(label="Card", copied="x")
    message = Message(lines=("a", "b"), table=("t",), rows=((button,),), is_silent=True)
    assert plain(message) == Message(lines=("a", "b"), is_silent=True)


def test_a_name_is_stable_short_and_the_channels_own():
    one, other = claimed(ENTRY), claimed(ENTRY)
    elsewhere = Claimed(one.notice, "discord:1", 1)
    assert nonce_of(one) == nonce_of(other) != nonce_of(elsewhere)
    assert len(nonce_of(one)) <= 25
