"""From a claimed notice to the message that tells it, in its reader's words; it sends nothing."""

import zlib
from functools import lru_cache

from msgspec import structs

from bot.delivery.courier import Priority
from bot.delivery.notices import told_view
from bot.messages import Message, Tone
from bot.messages.layout import lay
from bot.text import Catalog, Words
from bot.use_cases.context import Context
from bot.views import ExitView
from db.outbox import Claimed
from db.queries.records import Broadcast, Notice
from engine.core.effects import TradeExited

OLD_MS = 600_000


class Wording:
    """Words notices for whoever they are for."""

    def __init__(self, context: Context, catalog: Catalog) -> None:
        self._context = context
        self._words = lru_cache(maxsize=256)(lambda locale, zone: Words(catalog, locale, zone))

    def message(self, claimed: Claimed) -> Message | None:
        """Return what tells a notice, None when there is nothing to tell.

        An exit waits for no picture. What is told over ten minutes late carries its time.
        """
        notice = claimed.notice
        view = told_view(self._context, notice)
        if view is None:
            return None
        words: Words = self._words(claimed.locale or "en", claimed.zone or "UTC")
        message = lay(view, words)
        if isinstance(view, ExitView):
            message = structs.replace(message, picture=None)
        is_late_told = getattr(view, "late", None) is not None
        if self._context.clock.now_ms() - notice.decided_at_ms > OLD_MS and not is_late_told:
            line = f"🕓 {words.day_and_minute(notice.decided_at_ms)}"
            message = structs.replace(message, lines=(*message.lines, line))
        return message


def plain(message: Message) -> Message:
    """Return a message without anything that a platform could refuse: its lines alone."""
    return Message(
        lines=message.lines, tone=Tone.PLAIN, is_silent=message.is_silent, locale=message.locale
    )


def priority_of(notice: Notice) -> Priority:
    """Return how urgent a notice is."""
    if isinstance(notice.effect, TradeExited):
        return Priority.EXIT
    return Priority.BROADCAST if isinstance(notice.effect, Broadcast) else Priority.ALERT


def nonce_of(claimed: Claimed) -> str:
    """Name a notice on its channel, always the same and within 25 characters."""
    return f"{claimed.notice.id:x}-{zlib.crc32(claimed.channel.encode()):08x}"
