"""One person in one room: what he says or presses in, messages out. No platform is known here.

It decides what a press means, who may press it, what a room may see, and where a message belongs.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field, replace

from bot.conversation.completing import complete
from bot.conversation.dialogue import NOT_DONE, Dialogue, Heard
from bot.conversation.exchange import (
    Turn,
    closes_many,
    gathered,
    is_paced,
    is_public,
    merged,
    placed,
    turn_of,
)
from bot.conversation.flood import Floods, Invitations, Pace
from bot.conversation.held import Held
from bot.conversation.lines import (
    LINE_MAX,
    acts_on_trade,
    is_typed,
    on_replied,
    parked_line,
    read_kept,
    typed_line,
)
from bot.conversation.manners import Manners
from bot.conversation.presses import Press, PressKind, decode
from bot.conversation.said import Asked, Room, Said, Shown, Where
from bot.door import PersonDoor
from bot.grammar.parse import parse
from bot.grammar.requests import Help, MisreadCode, Request, Start, Status
from bot.messages import Message
from bot.messages.layout import form_of, lay
from bot.messages.parking import Parking
from bot.text import Catalog, Words
from bot.use_cases.books import Parked
from bot.use_cases.context import Context, Identity
from bot.views import (
    HandOffView,
    MisreadView,
    ProblemCode,
    ProblemView,
    View,
)
from engine.defects import DEFECTS
from engine.ports import StoreError

log = logging.getLogger(__name__)

TICKET_SECONDS = 3_600
TWICE_SECONDS = 1.5
KINDS = frozenset(PressKind)


@dataclass(frozen=True)
class TalkParts:
    """What every talk is made of. `spoken`: when each room was last answered (monotonic s)."""

    context: Context
    catalog: Catalog
    spoken: dict[str, float]
    floods: Floods = field(default_factory=Floods)
    invitations: Invitations = field(default_factory=Invitations)


@dataclass
class _Memory:
    """What a talk remembers between two events: all of it may be lost."""

    pressed: tuple[str, str] = ("", "")
    pressed_at: float = -TWICE_SECONDS


class ChatTalk:
    """One person in one room."""

    def __init__(self, parts: TalkParts, identity: Identity, room: Room, door: PersonDoor) -> None:
        self.identity = identity
        self.room = room
        self._parts = parts
        self._door = door
        self._dialogue = Dialogue(door)
        self._memory = _Memory()
        self._order = asyncio.Lock()
        self._words: Words | None = None
        self._manners = Manners(parts.context, parts.spoken, identity.platform, room)

    @property
    def words(self) -> Words:
        """His words now; in a room with a language of its own, those."""
        return self._words_in(self._manners.locale or self._door.locale)

    def judged(self, said: Said) -> Said:
        """Return what was said with its pace; what was judged already is not judged again."""
        if said.pace is not None:
            return said
        room = "" if self.room.is_private else f"{self._manners.name}/{self.room.topic}"
        who, now = self.identity.channel, self._parts.context.clock.monotonic()
        return replace(said, pace=self._parts.floods.judge(who, room, now))

    @property
    def own_locale(self) -> str | None:
        """The language of his account; None as long as nobody has looked it up."""
        return self._door.locale if self._door.is_looked_up else None

    async def hear(self, said: Said) -> AsyncGenerator[Shown | Asked, None]:
        """Do what was said and yield what to show; an order that waits lets the next one pass."""
        said = self.judged(said)
        if said.pace is Pace.TOLD:
            view = ProblemView(code=ProblemCode.TOO_FAST, facts={"seconds": "5"})
            yield await self._shown(view, Turn(said))
        if said.pace is not Pace.HEARD:
            return
        async with Held(self._order) as held:
            try:
                async with aclosing(self._heard(said)) as heard:
                    async for shown in heard:
                        yield shown
                        if isinstance(shown, Shown) and shown.lets_go:
                            held.let_go()
            except StoreError as error:
                log.warning("not heard, the database is away: %s", error)
                yield await self._shown(_AWAY, Turn(said))
            except DEFECTS:
                log.exception("not heard, we are to blame: %s", self.identity.platform)
                yield await self._shown(_INTERNAL, Turn(said))

    async def message(self, view: View) -> Message:
        """Word a view for this person; what does not fit a button is parked."""
        return await self._worded(view, self.words)

    async def _worded(self, view: View, words: Words) -> Message:
        owner = "" if self.room.is_private else self.identity.id
        try:
            message = lay(view, words, owner=owner)
        except DEFECTS:  # one message that cannot be worded must not end the talk
            log.exception("not worded: %s", type(view).__name__)
            message = lay(_INTERNAL, words, owner=owner)
        return await self._parking.fitted(message)

    async def look(self, request: Request) -> Message:
        """Ask for something that changes nothing, for a live list."""
        view: View = _INTERNAL
        async for seen in self._door.handle(request, ""):
            view = seen
        return await self.message(view)

    async def hand_off(self, said: Said) -> Message | None:
        """Park what was said and return what invites its speaker to go on in private.

        None: the room's pause has not passed, or he was invited within the last minute; then that
        invitation leads to what he says now.
        """
        await self._learn_language(said)
        line = parked_line(typed_line(said.line), self._door.locale) if said.line else ""
        if said.payload is not None and (press := decode(said.payload)) is not None:
            line = press.line
        books, given = self._parts.context.books, self._parts.invitations
        who, room = self.identity.channel, self._manners.name
        known = given.ticket(who, room, self._parts.context.clock.monotonic())
        if known is not None:
            await books.repark(self.identity.platform, self.identity.id, known, self._parked(line))
            return None
        await self._manners.learn()
        if not self._manners.may_speak():
            return None
        ticket = await self._park(line)
        given.note(who, room, ticket, self._parts.context.clock.monotonic())
        return await self.message(HandOffView(name=self.identity.name, ticket=ticket))

    async def complete(self, kind: str, text: str) -> list[tuple[str, str]]:
        """Return up to 25 (label, value) that complete `text`; none for who types too fast."""
        now = self._parts.context.clock.monotonic()
        if not self._parts.floods.may_complete(self.identity.channel, now):
            return []
        try:
            await self._door.look_up()
            return await complete(self._parts.context, self.identity, kind, text, self.words)
        except StoreError:
            return []

    @property
    def _parking(self) -> Parking:
        return Parking(self._park)

    async def _park(self, line: str) -> str:
        books, identity = self._parts.context.books, self.identity
        return await books.park(identity.platform, identity.id, self._parked(line), TICKET_SECONDS)

    def _parked(self, line: str) -> Parked:
        return Parked(line=line[:LINE_MAX], room_id=self.room.id)

    async def _heard(self, said: Said) -> AsyncGenerator[Shown | Asked, None]:
        await self._manners.learn()
        await self._learn_language(said)
        turn = Turn(said, said.key)
        shown_at_ms = said.shown_at_ms if acts_on_trade(said, self.identity.id) else None
        if shown_at_ms is not None and await self._door.was_elsewhere(shown_at_ms):
            answering = self._answered(Heard(views=(_FORMER,)), turn)
        elif said.payload is not None:
            answering = self._pressed(said, said.payload)
        elif said.request is not None:
            answering = self._answered(Heard(said.request), turn)
        else:
            answering = self._answered(await self._welcoming(self._line(said)), turn)
        async with aclosing(answering) as all_shown:
            async for shown in all_shown:
                yield shown

    async def _welcoming(self, heard: Heard) -> Heard:
        """Greet a stranger whose first words mean nothing to us, instead of correcting him."""
        misreads = [one.misread.code for one in heard.views if isinstance(one, MisreadView)]
        if MisreadCode.UNKNOWN_COMMAND not in misreads or not self.room.is_private:
            return heard
        return heard if await self._door.look_up() else Heard(Start())

    def _line(self, said: Said) -> Heard:
        """Understand a line; a command drops an open question without a word."""
        line = typed_line(said.line or "")
        is_command = said.is_command or line.startswith("/")
        if is_command or self._dialogue.is_passed_over(line):
            self._dialogue.leave()
        if said.replied_number is not None:
            meant = on_replied(line, said.replied_number, self._door.locale)
            if meant is None:
                return Heard(views=(_PRACTICED,))
            line = meant
        return self._dialogue.hear(line)

    async def _pressed(self, said: Said, payload: str) -> AsyncGenerator[Shown | Asked, None]:
        press = decode(payload)
        turn = Turn(said, said.key, press)
        problem = _EXPIRED if press is None else self._stranger_to(press)
        if press is None or problem is not None:
            yield await self._shown(problem or _EXPIRED, turn)
            return
        if self._is_twice(said, payload):
            return
        if press.nonce:
            turn = Turn(said, f"press:{self.identity.channel}:{press.nonce}", press)
        if press.kind is PressKind.PARKED:
            unparked = await self._unparked(press)
            if unparked is None:
                yield await self._shown(_EXPIRED, turn)
                return
            press = turn.press = unparked
        if press.kind is PressKind.FORM and said.typed is None:
            self._dialogue.carry_on(press)
            yield Asked(payload=payload, form=form_of(press, self.words))
            return
        async with aclosing(self._answered(self._understood(press, said.typed), turn)) as answered:
            async for shown in answered:
                yield shown

    def _understood(self, press: Press, typed: str | None) -> Heard:
        if press.kind in (PressKind.STEP, PressKind.FORM):
            return self._dialogue.carry_on(press, typed_line(typed) if typed else typed)
        self._dialogue.leave()
        if press.kind is PressKind.LEAVE:
            return Heard(views=(NOT_DONE,))
        request = read_kept(press.line)
        if isinstance(request, MisreadView):
            return Heard(views=(request,))
        return Heard(turn_of(request, press, self._door.confirm))

    def _stranger_to(self, press: Press) -> ProblemView | None:
        if press.owner in ("", self.identity.id):
            return None
        return ProblemView(code=ProblemCode.NOT_YOURS, suggestion=press.line or None)

    def _is_twice(self, said: Said, payload: str) -> bool:
        """Tell whether a thumb has bounced: the same button of the same message, at once."""
        memory, now = self._memory, self._parts.context.clock.monotonic()
        is_same = memory.pressed == (said.message_id, payload) and said.typed is None
        is_twice = is_same and now - memory.pressed_at < TWICE_SECONDS
        memory.pressed, memory.pressed_at = (said.message_id, payload), now
        return is_twice

    async def _unparked(self, press: Press) -> Press | None:
        found = await self._parts.context.books.unpark(
            self.identity.platform, self.identity.id, press.line
        )
        if found is None:
            return None
        kind, mark, line = found.line.partition("|")
        if not mark or kind not in KINDS:  # a line, not a button
            kind, line = PressKind.DO, found.line
        return Press(kind=PressKind(kind), line=line, nonce=press.nonce)

    async def _answered(self, heard: Heard, turn: Turn) -> AsyncGenerator[Shown, None]:
        for view in heard.views:
            yield await self._shown(view, turn)
        if heard.request is None:
            return
        request = heard.request
        ticket = request.ticket if isinstance(request, Start) else None
        turn.is_back = is_back = ticket is not None and await self._door.look_up()
        if not is_back:
            async with aclosing(self._told(request, turn)) as told:
                async for shown in told:
                    yield shown
        is_enrolled = isinstance(request, Start) and request.currency
        if ticket is not None and (is_back or is_enrolled):
            async with aclosing(self._resumed(ticket, turn)) as resumed:
                async for shown in resumed:
                    yield shown

    async def _told(self, request: Request, turn: Turn) -> AsyncGenerator[Shown, None]:
        """Show what a request comes to; a group of closes is one message."""
        is_many = closes_many(request)
        together: list[View] = []
        async with aclosing(self._views(request, turn)) as views:
            async for view in views:
                if is_many:
                    together.append(view)
                else:
                    yield await self._shown(view, turn)
        if together:
            told = gathered(together)
            messages = [await self.message(view) for view in told]
            yield placed(merged(messages), told[0], turn)

    async def _views(self, request: Request, turn: Turn) -> AsyncGenerator[View, None]:
        """Ask the dialogue; a stranger's wish is kept while he opens an account."""
        is_stranger = False
        async with aclosing(self._dialogue.answer(request, turn.key)) as views:
            async for view in views:
                if isinstance(view, ProblemView) and view.code is ProblemCode.NOT_STARTED:
                    is_stranger = True
                    break
                yield view
        if is_stranger:
            kept = self._dialogue.kept(request)
            start = Start(ticket=await self._park(kept) if turn.line else None)
            async for welcome in self._dialogue.answer(start, f"{turn.key}-start"):
                yield welcome

    async def _resumed(self, ticket: str, turn: Turn) -> AsyncGenerator[Shown, None]:
        """Go on with what was parked: shown first and asked about, since time has passed."""
        identity = self.identity
        found = await self._parts.context.books.unpark(identity.platform, identity.id, ticket)
        line = found.line if found else ""
        request = read_kept(line)
        if isinstance(request, MisreadView) and is_typed(line):
            yield await self._shown(request, turn)
            return
        if isinstance(request, MisreadView) or line.startswith("="):  # no yes of then is one of now
            request = Start()
        asked = turn_of(request, Press(kind=PressKind.ASK), "always")
        async with aclosing(self._dialogue.answer(asked, f"{turn.key}-resumed")) as views:
            async for view in views:
                yield await self._shown(view, turn)

    async def _shown(self, view: View, turn: Turn) -> Shown:
        if self.room.is_private:
            return placed(await self.message(view), view, turn)
        may = is_public(view) and (not is_paced(view) or self._manners.may_speak())
        words = self.words if may else self._words_in(self._door.locale)
        shown = placed(await self._worded(view, words), view, turn)
        return shown if shown.where is Where.TOAST else replace(shown, is_personal=not may)

    async def _learn_language(self, said: Said) -> None:
        """Look up the language of who typed, before his numbers are read in it.

        He may have changed it in another chat, or this talk has never heard him. While the
        database is away, only what it is not needed for is read. Raises StoreError.
        """
        if said.line is None and said.typed is None:
            return
        try:
            await self._door.look_up()
        except StoreError:
            if not isinstance(parse(said.line or "", self._door.locale), Help | Status):
                raise

    def _words_in(self, locale: str) -> Words:
        wanted = (locale, self._door.zone)
        words = self._words
        if words is None or (words.locale, words.zone) != wanted:
            words = self._words = Words(self._parts.catalog, *wanted)
        return words


_AWAY = ProblemView(code=ProblemCode.DATABASE_AWAY)
_INTERNAL = ProblemView(code=ProblemCode.INTERNAL)
_EXPIRED = ProblemView(code=ProblemCode.EXPIRED)
_FORMER = ProblemView(code=ProblemCode.FORMER, suggestion="/trades")
_PRACTICED = ProblemView(code=ProblemCode.PRACTICED)
