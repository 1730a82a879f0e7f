"""The terminal chat: greets, takes lines, shows replies and alerts, ends in order."""

import asyncio
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from msgspec import structs

from bot.conversation import Dialogue, Door
from bot.grammar.requests import ListTrades, Quit, Request, Start, Wait
from bot.surfaces.terminal.console import Console
from bot.surfaces.terminal.exports import save_export
from bot.text import Catalog, Words
from bot.views import (
    ExportView,
    OrderWaitingView,
    ProblemCode,
    ProblemView,
    TradesView,
    View,
    WelcomeView,
)
from bot.views.plain import lines_of
from engine.defects import DEFECTS
from engine.ports import StoreError

log = logging.getLogger(__name__)

REFRESH_SECONDS = 1.0
WATCH_ROUNDS_MAX = 900
SETTLE_SECONDS_MAX = 60.0
LEAVE_SECONDS_MAX = 5.0
CURRENCY_OF = {"pt-BR": "BRL"}


@dataclass(frozen=True)
class ChatParts:
    """What a chat is made of. `session` makes its keys unique; exports go to `folder`."""

    door: Door
    console: Console
    catalog: Catalog
    session: str
    folder: Path


class TerminalChat:
    """One person's chat on a console."""

    def __init__(self, parts: ChatParts) -> None:
        self._door = parts.door
        self._console = parts.console
        self._parts = parts
        self._dialogue = Dialogue(parts.door, is_asking=parts.console.is_interactive)
        self._count = 0
        self._replies: set[asyncio.Task[None]] = set()
        self._words: Words | None = None

    async def run(self) -> None:
        """Chat until the person leaves or the script ends and its replies have come.

        A reader that goes away ends it just as quietly.
        """
        with _suppressed_broken_pipe():
            async with asyncio.TaskGroup() as group:
                await self._chat(group)

    async def _chat(self, group: asyncio.TaskGroup) -> None:
        await self._greet()
        notices = group.create_task(self._tell_notices())
        try:
            while (line := await self._line()) is not None:
                if not await self._serve(line, group):
                    break
            await self._settle()
        finally:
            notices.cancel()
            for reply in self._replies:
                reply.cancel()

    async def _greet(self) -> None:
        async for view in self._dialogue.answer(Start(), self._key()):
            is_question = isinstance(view, WelcomeView) and view.currency is None
            if is_question and not self._console.is_interactive:
                await self._choose_currency(view)
            else:
                await self._show(view)

    async def _choose_currency(self, question: View) -> None:
        """Choose for a script, which is not asked: pt-BR gives BRL, else USDT."""
        assert isinstance(question, WelcomeView), "only the greeting asks for a currency"
        offered = [currency for currency, _ in question.choices]
        wanted = CURRENCY_OF.get(self._door.locale, "USDT")
        currency = wanted if wanted in offered else next(iter(offered), wanted)
        async for view in self._dialogue.answer(Start(currency), self._key()):
            await self._show(view)

    async def _line(self) -> str | None:
        """Return the next line; Ctrl-C first leaves a question, then the chat."""
        while True:
            try:
                return await self._console.read()
            except KeyboardInterrupt:
                left = self._dialogue.leave()
                if left is None:
                    return None
                for view in left.views:
                    await self._show(view)

    async def _serve(self, line: str, group: asyncio.TaskGroup) -> bool:
        """Do one line; return whether the chat goes on."""
        text = line.strip()
        if not text:
            return True
        await self._console.echo(line)
        if text.startswith("# ") or text == "#":  # a script's remark
            return True
        with suppress(StoreError):  # read as the last one was; what needs the database says so
            await self._door.look_up()
        heard = self._dialogue.hear(line)
        for view in heard.views:
            await self._show(view)
        match heard.request:
            case None:
                return True
            case Quit():
                return False
            case Wait(seconds=seconds):
                await asyncio.sleep(seconds)
            case request:
                await self._reply(request, group)
        return True

    async def _reply(self, request: Request, group: asyncio.TaskGroup) -> None:
        """Show what follows; an order that waits lets the next line pass."""
        is_settled = asyncio.Event()
        task = group.create_task(self._deliver(request, is_settled, group))
        self._replies.add(task)
        task.add_done_callback(self._replies.discard)
        await is_settled.wait()

    async def _deliver(
        self, request: Request, is_settled: asyncio.Event, group: asyncio.TaskGroup
    ) -> None:
        try:
            async for view in self._dialogue.answer(request, self._key()):
                is_watched = isinstance(request, ListTrades) and self._console.is_interactive
                if is_watched and isinstance(view, TradesView) and view.rows:
                    self._console.watch(self._lines(view))
                    group.create_task(self._refresh())
                else:
                    await self._show(view, is_alert=is_settled.is_set())
                if isinstance(view, OrderWaitingView):
                    is_settled.set()
        finally:
            is_settled.set()

    async def _refresh(self) -> None:
        """Keep the list of trades fresh while it is looked at, a quarter of an hour at most."""
        for _ in range(WATCH_ROUNDS_MAX):
            await asyncio.sleep(REFRESH_SECONDS)
            if not self._console.is_watching:
                return
            async for view in self._door.handle(ListTrades(), self._key()):
                self._console.refresh(self._lines(view))

    async def _tell_notices(self) -> None:
        async for view in self._door.notices():
            await self._show(view, is_alert=True)

    async def _settle(self) -> None:
        """Wait for the replies that are still due; what takes longer is told at the next start."""
        if self._replies:
            is_person = self._console.is_interactive
            limit = LEAVE_SECONDS_MAX if is_person else SETTLE_SECONDS_MAX
            await asyncio.wait(self._replies, timeout=limit)

    async def _show(self, view: View, *, is_alert: bool = False) -> None:
        if isinstance(view, ExportView) and view.path is None:
            view = await self._saved(view)
        await self._console.show(self._lines(view), is_alert=is_alert)

    async def _saved(self, view: ExportView) -> View:
        try:
            path = await asyncio.to_thread(save_export, self._parts.folder, view)
        except OSError:
            facts = {"name": str(self._parts.folder)}
            return ProblemView(code=ProblemCode.NOT_SAVED, facts=facts)
        return structs.replace(view, path=str(path))

    def _lines(self, view: View) -> Sequence[str]:
        try:
            return lines_of(view, self._words_now())
        except DEFECTS:  # one message that cannot be worded must not end the chat and the vigil
            log.exception("not worded: %s", type(view).__name__)
            return lines_of(ProblemView(code=ProblemCode.INTERNAL), self._words_now())

    def _words_now(self) -> Words:
        """Return words in the person's language and zone, which a command may just have changed."""
        wanted = (self._door.locale, self._door.zone)
        words = self._words
        if words is None or (words.locale, words.zone) != wanted:
            words = self._words = Words(self._parts.catalog, *wanted)
        return words

    def _key(self) -> str:
        self._count += 1
        return f"{self._parts.session}:{self._count}"


@contextmanager
def _suppressed_broken_pipe() -> Iterator[None]:
    try:
        yield
    except* BrokenPipeError:
        pass
