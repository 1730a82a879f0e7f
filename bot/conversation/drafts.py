"""An order put together step by step: which word is missing, and where its answer belongs."""

from dataclasses import dataclass, replace

from bot.conversation.presses import Press
from bot.grammar.parse import parse
from bot.grammar.requests import (
    ByCoin,
    ByNumber,
    Close,
    Misread,
    MisreadCode,
    Open,
    PickPage,
    Price,
    Request,
    SellPicker,
    SetAlert,
    SetStop,
    SetTarget,
)
from bot.grammar.words import renumbered
from bot.use_cases.lines import spelled
from bot.views import (
    AskCode,
    AskView,
    ChoiceCode,
    ChoiceView,
    MisreadView,
    PriceView,
    ProblemCode,
    ProblemView,
    View,
)

PERCENT_MEANT_MAX = 50


@dataclass(frozen=True)
class Draft:
    """A line that is still growing. `asks`: the word it waits for; `asked`: what was asked.

    `line` is in the words and numbers of `en`, whoever typed them: a button can carry it.
    """

    line: str
    asks: AskCode
    asked: frozenset[AskCode] = frozenset()
    coin: str = ""
    seen: PriceView | None = None

    @property
    def question(self) -> AskView:
        """The step that is asked now."""
        taken = tuple(code for code in AskCode if code in self.asked)
        seen = self.seen
        return AskView(
            code=self.asks,
            coin=self.coin,
            line=self.line,
            asked=taken,
            price=seen.price if seen else None,
            instrument=seen.instrument if seen else None,
        )

    def with_answer(self, answer: str, locale: str = "en") -> str:
        """Return the line with the answer where it belongs, all its numbers as `locale` has them.

        `locale` is that of who answers.
        """
        line = renumbered(self.line, locale)
        verb, _, rest = line.partition(" ")
        match self.asks:
            case AskCode.COIN:
                return f"{verb} {answer} {rest}".rstrip()
            case AskCode.STOP:
                return f"{line} sl {answer}"
            case AskCode.TARGET:
                return f"{line} tp {answer}"
            case _:
                return f"{line} {answer}"

    def doubts(self, request: Request | MisreadView) -> ChoiceView | None:
        """Return what to say of a price that can only be a forgotten percent sign."""
        if not isinstance(request, Open) or self.seen is None or self.seen.price is None:
            return None
        level = request.stop if self.asks is AskCode.STOP else request.target
        if self.asks not in (AskCode.STOP, AskCode.TARGET) or level is None or level.is_percent:
            return None
        if level.value > PERCENT_MEANT_MAX or level.value * 2 > self.seen.price:
            return None
        facts = {"typed": format(level.value, "f")}
        return ChoiceView(code=ChoiceCode.PERCENT_MEANT, options=(), facts=facts)

    def looked_up(self, view: View) -> "Draft":
        """Return the draft after a look at its coin's price; an unknown coin is asked for again.

        A stranger's order stays as it is: it waits until he has an account.
        """
        if isinstance(view, PriceView):
            return replace(self, seen=view)
        if isinstance(view, ProblemView) and view.code is ProblemCode.NOT_STARTED:
            return self
        verb = self.line.partition(" ")[0]
        return Draft(verb, AskCode.COIN) if isinstance(view, ProblemView) else self


def begun(press: Press) -> Draft:
    """Return the order that a button carries on."""
    asks = press.asks or AskCode.COIN
    coin = _coin(parse(press.line, "en"))
    return Draft(press.line, asks, frozenset(press.asked) | {asks}, coin)


def asked_for(view: AskView, asked: frozenset[AskCode]) -> Draft:
    """Return the order that a use case found incomplete."""
    return Draft(view.line, view.code, asked | {view.code}, view.coin)


def next_step(request: Request, before: Draft | None) -> Draft | None:
    """Return the step that a request still lacks, or None when it is whole.

    A complete line is never asked about; the exits are asked only in an order that was begun
    step by step.
    """
    asks = _missing(request, before)
    if asks is None:
        return None
    asked = (before.asked if before else frozenset[AskCode]()) | {asks}
    seen = before.seen if before else None
    return Draft(spelled(request), asks, asked, _coin(request), seen)


def _coin(request: Request | Misread) -> str:
    return request.symbol or "" if isinstance(request, Open | SetAlert) else ""


def _missing(request: Request, before: Draft | None) -> AskCode | None:
    match request:
        case Price(symbol=None) | SetAlert(symbol=None):
            return AskCode.COIN
        case SetAlert(price=None):
            return AskCode.ALERT
        case SetStop(target=target, level=None) if target is not None:
            return AskCode.LEVEL_STOP
        case SetTarget(target=target, level=None) if target is not None:
            return AskCode.LEVEL_TARGET
        case Open():
            return _missing_of_entry(request, before)
        case _:
            return None


def _missing_of_entry(request: Open, before: Draft | None) -> AskCode | None:
    if request.symbol is None:
        return AskCode.COIN
    if before is None or request.size is None:  # a saved plan may know the amount
        return None
    if request.stop is None and AskCode.STOP not in before.asked:
        return AskCode.STOP
    if request.target is None and AskCode.TARGET not in before.asked:
        return AskCode.TARGET
    return None


def refuse_incomplete(request: Request) -> View | None:
    """Return what a script is told about a line that a person would be asked about."""
    match request:
        case Price(symbol=None):
            return ProblemView(code=ProblemCode.COIN_MISSING, suggestion="/price btc")
        case Open(symbol=None):
            code = ProblemCode.COIN_MISSING
            return ProblemView(code=code, suggestion="/buy btc 100 sl2% tp4%")
        case Open(symbol=symbol, size=None) if symbol is not None:
            line = f"/buy {symbol.lower()} 100 sl2% tp4%"
            return ProblemView(code=ProblemCode.AMOUNT_MISSING, suggestion=line)
        case SetAlert(symbol=None):
            return ProblemView(code=ProblemCode.COIN_MISSING, suggestion="/alert btc +5%")
        case SetAlert(symbol=symbol, price=None) if symbol is not None:
            line = f"/alert {symbol.lower()}"
            return _level_missing(line, f"{line} +5%")
        case SetStop(level=None):
            return _level_missing("/sl", f"/sl {_number(request)} 2%")
        case SetTarget(level=None):
            return _level_missing("/tp", f"/tp {_number(request)} 4%")
        case _:
            return None


def _number(request: SetStop | SetTarget) -> str:
    target = request.target
    if isinstance(target, ByNumber):
        return str(target.number)
    return target.text.lower() if isinstance(target, ByCoin) else "1"


def _level_missing(text: str, suggestion: str) -> MisreadView:
    misread = Misread(MisreadCode.MISSING_LEVEL, {"text": text}, suggestion)
    return MisreadView(misread=misread)


def lacks_trade(request: Request) -> bool:
    """Tell whether a request needs a look at the open trades to be whole."""
    if isinstance(request, SellPicker | PickPage):
        return True
    return isinstance(request, Close | SetStop | SetTarget) and request.target is None


def reads(line: str, locale: str) -> Request | MisreadView:
    """Read a line, a misread as what is told about it."""
    answer = parse(line, locale)
    return MisreadView(misread=answer, locale=locale) if isinstance(answer, Misread) else answer
