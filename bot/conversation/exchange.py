"""Where a view belongs in a chat: a new message, the pressed one, a toast; and what a room sees."""

from collections.abc import Sequence
from dataclasses import dataclass

from msgspec import structs

from bot.conversation.presses import Press, PressKind
from bot.conversation.said import Said, Shown, Where
from bot.grammar.requests import Again, Close, CloseMany, Group, Open, Request
from bot.messages import Message
from bot.views import (
    AdminDoneView,
    CardView,
    ChartView,
    DoneCode,
    DoneView,
    ExitView,
    ExportView,
    FeedView,
    GroupView,
    HandOffView,
    HelpView,
    LinkedView,
    ManyClosedView,
    OrderWaitingView,
    PracticeStep,
    PracticeView,
    PriceView,
    ProblemCode,
    ProblemView,
    TradesView,
    View,
    WelcomeView,
)

LINES_MAX = 60
ASIDE = (ProblemView,)
APART = (ExportView, LinkedView, PracticeView, FeedView, CardView, AdminDoneView)
PUBLIC = (PriceView, HelpView, GroupView, HandOffView)


@dataclass
class Turn:
    """One event being answered. `shown` counts the messages so far; `is_waiting`: of an order.

    `is_back`: somebody who has an account has pressed Start again.
    """

    said: Said
    key: str = ""
    press: Press | None = None
    shown: int = 0
    is_waiting: bool = False
    is_back: bool = False

    @property
    def line(self) -> str:
        """The line that was said or pressed, empty for a request that is no line."""
        return self.press.line if self.press else self.said.line or ""


def placed(message: Message, view: View, turn: Turn) -> Shown:
    """Say where a message belongs, and note it in the turn."""
    where = _where(view, message, turn)
    turn.shown += 1
    turn.is_waiting = isinstance(view, OrderWaitingView)
    is_watched = isinstance(view, TradesView) and bool(view.rows) and where is not Where.TOAST
    lets_go = isinstance(view, OrderWaitingView | PracticeView)
    return Shown(
        message=message,
        where=where,
        is_watched=is_watched,
        lets_go=lets_go,
        is_step=isinstance(view, PracticeView) and _is_step(view),
        is_arrival=turn.is_back or _arrives(view),
    )


def _is_step(view: PracticeView) -> bool:
    """Tell what passes in a practice minute; its beginning, card and end stay."""
    return view.step is PracticeStep.EVENT and not isinstance(view.event, CardView)


def _arrives(view: View) -> bool:
    """Tell what greets somebody who has an account here from now on, or again."""
    if isinstance(view, LinkedView):
        return view.is_here
    return isinstance(view, WelcomeView) and view.currency is not None


def _where(view: View, message: Message, turn: Turn) -> Where:
    if turn.press is None and turn.said.payload is not None:  # nobody of us wrote that button
        return Where.TOAST
    if turn.press is None:
        return Where.SAME if turn.is_waiting else Where.NEW
    if _is_aside(view, message):
        return Where.TOAST
    is_sent = isinstance(view, AdminDoneView) and view.action == "broadcast"
    if isinstance(view, APART) and not is_sent:  # its question is answered: it goes
        return Where.NEW
    if isinstance(view, ChartView):
        return Where.SAME if turn.press.line.count(" ") > 1 else Where.NEW
    return Where.SAME if turn.shown == 0 or turn.is_waiting else Where.NEW


def _is_aside(view: View, message: Message) -> bool:
    """Tell what nobody needs to find again: it was done already, is not his, or a bare no."""
    if isinstance(view, DoneView):
        return view.code is DoneCode.ALREADY_DONE
    is_not_his = isinstance(view, ProblemView) and view.code is ProblemCode.NOT_YOURS
    return is_not_his or (isinstance(view, ASIDE) and not message.rows)


def closes_many(request: Request) -> bool:
    """Tell whether a request may close several trades at one word."""
    if isinstance(request, CloseMany):
        return len(request.numbers) > 1
    return isinstance(request, Close) and isinstance(request.target, Group)


def gathered(views: Sequence[View]) -> list[View]:
    """Return what a group of closes came to: its exits as one, then whatever else was said.

    An order that waited and has its exit by now is not told twice.
    """
    exits = tuple(view for view in views if isinstance(view, ExitView))
    done = {one.number for one in exits}
    others = [
        view
        for view in views
        if not isinstance(view, ExitView)
        and not (isinstance(view, OrderWaitingView) and view.number in done)
    ]
    return [ManyClosedView(exits=exits), *others] if len(exits) > 1 else [*exits, *others]


def merged(messages: Sequence[Message]) -> Message:
    """Return one message for what a group of orders came to: a crowd of them is noise.

    The first is told in full, of the others their first lines, each once.
    """
    first, *others = messages
    told = dict.fromkeys((*first.lines, *(message.lines[0] for message in others)))
    return structs.replace(first, lines=tuple(told)[:LINES_MAX])


def turn_of(request: Request, press: Press, confirm: str) -> Request:
    """Return what a press asks for: a preview first, unless the owner wants no questions."""
    is_asked = press.kind is PressKind.ASK and confirm != "never"
    if is_asked and isinstance(request, Open | Close | Again):
        return structs.replace(request, is_asking=True)
    return request


def is_public(view: View) -> bool:
    """Tell whether a room of many may see this; money and trades are their owner's alone."""
    match view:
        case ChartView():
            return view.number is None and not view.marks and not view.levels
        case CardView():
            return view.is_shared
        case _:
            return isinstance(view, PUBLIC)


def is_paced(view: View) -> bool:
    """Tell whether a room's pause holds for this; what its admin or a card's owner wants is not."""
    return isinstance(view, PriceView | ChartView | HelpView)
