"""Buttons of questions and refusals: every answer, and the one line that would work."""

from decimal import Decimal

from bot.conversation.drafts import Draft
from bot.conversation.presses import PressKind, hidden_line
from bot.grammar.parse import parse
from bot.grammar.requests import (
    Again,
    ByNumber,
    Close,
    CloseMany,
    Misread,
    MisreadCode,
    Open,
    PickPage,
    PreviewMany,
    Request,
    SetStop,
    SetTarget,
)
from bot.messages import Button, Message, Tone
from bot.messages.forms import FORM_NAMES
from bot.messages.taps import Rows, Taps, in_rows, turning
from bot.messages.trades import row_label, tone_of
from bot.use_cases.lines import spelled
from bot.views import (
    AskCode,
    AskView,
    ChoiceView,
    ConfirmKind,
    ConfirmView,
    MisreadView,
    Option,
    OrderFailedView,
    ProblemView,
    RefusedView,
)
from bot.views.paging import page_rows
from bot.views.plain import lines_of
from bot.views.plain.pieces import share_word, size_word
from bot.views.plain.questions import option_label
from bot.views.plain.refusals import retry_of
from engine.core.instrument import Direction
from engine.core.numbers import ONE, ZERO

COINS = ("BTC", "ETH", "SOL", "BNB", "XRP", "DOGE")
AMOUNTS = {"en": ("100", "500", "1000"), "pt-BR": ("500", "1000", "5000")}
STOPS, TARGETS = ("1", "2", "5"), ("2", "4", "8")
MOVES = ("1", "3", "5")


def confirm(view: ConfirmView, taps: Taps) -> Message:
    """Show a preview with its yes and a way back."""
    yes = taps.once(_yes_label(view, taps), yes_line(view.on_yes), _yes_tone(view))
    return Message(
        lines=tuple(lines_of(view, taps.words, is_tapped=True)),
        rows=(*_turning_group(view, taps), (yes, _back(view.on_yes, taps))),
    )


def _turning_group(view: ConfirmView, taps: Taps) -> Rows:
    many = view.on_yes
    if not isinstance(many, CloseMany):
        return ()

    def line_of(page: int) -> str:
        return yes_line(PreviewMany(many.numbers, many.share, page))

    return turning(view.rows, view.page, line_of, taps)


def yes_line(request: Request) -> str:
    """Return the line of a request that may be one that nobody can type."""
    return hidden_line(request) or spelled(request)


def _yes_tone(view: ConfirmView) -> Tone:
    if view.kind is ConfirmKind.OPEN:
        return Tone.GOOD
    return tone_of(view.pnl) if view.kind is ConfirmKind.CLOSE else Tone.BAD


def _yes_label(view: ConfirmView, taps: Taps) -> str:
    match view.kind:
        case ConfirmKind.CLOSE:
            return _close_label(view, taps)
        case ConfirmKind.RESET:
            return taps.say("reset")
        case ConfirmKind.DELETE_ME:
            return taps.say("delete")
        case ConfirmKind.LINK:
            return taps.say("join")
        case ConfirmKind.BROADCAST:
            count = view.broadcast.count if view.broadcast else 0
            return taps.say("broadcast", count=taps.words.whole(count))
        case ConfirmKind.OPEN:
            return _open_label(view, taps)


def _close_label(view: ConfirmView, taps: Taps) -> str:
    money = taps.words.amount(view.pnl or ZERO, is_signed=True)
    if view.share != ONE:
        share = share_word(view.share, taps.words)
        return taps.say("close-share", share=share, money=money)
    if len(view.rows) == 1:
        return taps.say("close-now", money=money)
    return taps.say("close-many", count=str(len(view.rows)), money=money)


def _open_label(view: ConfirmView, taps: Taps) -> str:
    order = view.on_yes
    assert isinstance(order, Open), "an OPEN question previews an entry"
    verb = taps.say("open-buy" if order.direction is Direction.LONG else "open-short")
    size = size_word(order.size, view.currency, taps.words) if order.size else ""
    return taps.say("open", verb=verb, size=size)


def _back(request: Request, taps: Taps) -> Button:
    """Return to the trade, or to the list, that a question is about; else drop the question."""
    if isinstance(request, CloseMany):
        is_one = len(request.numbers) == 1
        line = f"/trades {request.numbers[0]}" if is_one else "/trades"
        return taps.do(taps.say("back"), line)
    if isinstance(request, Close) and isinstance(request.target, ByNumber):
        return taps.do(taps.say("back"), f"/trades {request.target.number}")
    return taps.press(taps.say("cancel"), PressKind.LEAVE)


def ask(view: AskView, taps: Taps) -> Message:
    """Show one step of an order with answers to tap."""
    answers = _answers(view, taps)
    asked = _asked(view)
    typing = taps.form(taps.say("type"), view.line, asked)
    width = 3 if view.code in (AskCode.COIN, AskCode.ALERT) else 4
    rows = in_rows(answers, width)
    example = taps.words.say(f"form-{FORM_NAMES[view.code]}-example")
    return Message(
        lines=tuple(lines_of(view, taps.words, is_tapped=True)),
        rows=(*rows, (typing, _leave(view, taps))),
        answers_by_text=True,
        placeholder=example,
    )


def _asked(view: AskView) -> tuple[AskCode, ...]:
    return (view.code, *(code for code in view.asked if code is not view.code))


def _answers(view: AskView, taps: Taps) -> list[Button]:
    words = taps.words
    match view.code:
        case AskCode.COIN:
            named = [(coin, coin.lower()) for coin in COINS]
        case AskCode.AMOUNT:
            amounts = AMOUNTS[words.locale]
            named = [(words.whole(int(amount)), amount) for amount in amounts]
            named.append((words.percent(Decimal("0.05")), "5%"))
        case AskCode.STOP:
            named = [*_percents(STOPS, "−", taps), (taps.say("off"), "off")]
        case AskCode.TARGET:
            named = [*_percents(TARGETS, "+", taps), (taps.say("no-target"), "off")]
        case AskCode.LEVEL_STOP:
            named = _percents(STOPS, "−", taps)
            named += [(taps.say("break-even"), "be"), (taps.say("remove-stop"), "off")]
        case AskCode.ALERT:
            ways = (("+", "+"), ("−", "-"))
            named = [
                (label, shown_sign + answer)
                for sign, shown_sign in ways
                for label, answer in _percents(MOVES, sign, taps)
            ]
        case AskCode.LEVEL_TARGET:
            named = [*_percents(TARGETS, "+", taps), (taps.say("remove-target"), "off")]
    draft, asked = Draft(view.line, view.code, coin=view.coin), _asked(view)
    return [taps.step(label, draft.with_answer(answer), asked) for label, answer in named]


def _percents(numbers: tuple[str, ...], sign: str, taps: Taps) -> list[tuple[str, str]]:
    return [(sign + taps.words.percent(Decimal(number) / 100), f"{number}%") for number in numbers]


def _leave(view: AskView, taps: Taps) -> Button:
    """Go back to the trade whose level is asked for; a new order is dropped."""
    request = parse(view.line, "en") if view.line else None
    if isinstance(request, SetStop | SetTarget) and isinstance(request.target, ByNumber):
        return taps.do(taps.say("back"), f"/trades {request.target.number}")
    return taps.press(taps.say("cancel"), PressKind.LEAVE)


def choice(view: ChoiceView, taps: Taps) -> Message:
    """Show a question with a button for each answer."""
    trades = [option for option in view.options if option.row]
    others = [option for option in view.options if not option.row]
    shown = [*page_rows(trades, view.page), *others]
    buttons = [_option(option, view.currency, taps) for option in shown]
    cancel = taps.press(taps.say("cancel"), PressKind.LEAVE)
    return Message(
        lines=tuple(lines_of(view, taps.words, is_tapped=True)),
        rows=(
            *in_rows(buttons, 2 if trades else 3),
            *turning(trades, view.page, lambda page: yes_line(PickPage(view.line, page)), taps),
            (cancel,),
        ),
    )


def _option(option: Option, currency: str, taps: Taps) -> Button:
    if option.row is not None:
        label = row_label(option.row, currency, taps.words)
    else:
        label = option_label(option, currency, taps.words)
        label = label[:1].upper() + label[1:]
    return of_request(label, option.request, option.line, taps)


def of_request(label: str, request: Request, line: str, taps: Taps) -> Button:
    """Return the button that does a request: previewed where it is about money."""
    match request:
        case Open(symbol=symbol, size=size, plan=plan) if symbol is None or (
            size is None and plan is None
        ):
            return taps.step(label, line)
        case Open() | Close() | Again():
            return taps.ask(label, line)
        case _:
            return taps.once(label, line)


def suggested(line: str | None, locale: str, taps: Taps) -> Rows:
    """Return the one button that does a suggested line, if it can be read.

    `locale` is that of the line: the reader's own words, or `en` for one of ours.
    """
    if not line:
        return ()
    request = parse(line, locale)
    if isinstance(request, Misread):
        return ()
    pressed = _in_english(line, request, locale)
    if pressed is None:
        return ()
    is_typed = locale == taps.words.locale
    label = taps.line(line if is_typed else pressed, is_typed=is_typed)
    return ((of_request(label, request, pressed, taps),),)


def _in_english(line: str, request: Request, locale: str) -> str | None:
    """Return a line that means the same in the words and numbers of `en`, or None."""
    if locale == "en":
        return line
    lines = (line, spelled(request))
    return next((each for each in lines if parse(each, "en") == request), None)


def refused(view: RefusedView, taps: Taps) -> Message:
    """Show the engine's no, and what would work, or else the way on: it may replace an order."""
    lines = tuple(lines_of(view, taps.words, is_tapped=True))
    number = view.number
    way = taps.go("menu", "/menu") if number is None else taps.trade(number)
    return Message(lines=lines, rows=suggested(retry_of(view), "en", taps) or ((way,),))


def order_failed(view: OrderFailedView, taps: Taps) -> Message:
    """Show why an order ended without a fill, what would work, and the price."""
    lines = tuple(lines_of(view, taps.words, is_tapped=True))
    if view.number is not None:
        return Message(lines=lines, rows=((taps.trade(view.number),),))
    symbol = view.instrument.symbol.lower()
    label = taps.line(f"/price {view.instrument.base.lower()}")
    look = taps.do(label, f"/price {symbol}")
    return Message(lines=lines, rows=(*suggested(view.retry, "en", taps), (look,)))


def problem(view: ProblemView, taps: Taps) -> Message:
    """Show a use case's no, and what would work."""
    lines = tuple(lines_of(view, taps.words, is_tapped=True))
    return Message(lines=lines, rows=suggested(view.suggestion, "en", taps))


def misread(view: MisreadView, taps: Taps) -> Message:
    """Show what was not understood, and the line that would be."""
    code, line = view.misread.code, view.misread.suggestion
    lines = tuple(lines_of(view, taps.words, is_tapped=True))
    if code is MisreadCode.EMPTY:
        return Message(lines=lines, rows=((taps.go("menu", "/menu"), taps.go("help", "/help")),))
    return Message(lines=lines, rows=suggested(line, view.locale or taps.words.locale, taps))
