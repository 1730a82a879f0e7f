"""One person's dialogue: what a line means after the question before it, on any surface.

It asks for missing words, keeps one question open, and never does what was not confirmed.
"""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from itertools import zip_longest

from msgspec import structs

from bot.conversation.door import Door
from bot.conversation.drafts import (
    Draft,
    asked_for,
    begun,
    lacks_trade,
    next_step,
    reads,
    refuse_incomplete,
)
from bot.conversation.picking import pick, turned
from bot.conversation.presses import Press, PressKind, hidden_line
from bot.grammar.requests import (
    Again,
    ByNumber,
    Close,
    Help,
    Language,
    ListTrades,
    No,
    Open,
    PickPage,
    Price,
    Quit,
    Request,
    SetStop,
    SetTarget,
    ShowTrade,
    Start,
    Yes,
)
from bot.grammar.words import CURRENCIES, bare, renumbered
from bot.use_cases.lines import spelled
from bot.views import (
    LETTERS,
    AskCode,
    AskView,
    ChoiceCode,
    ChoiceView,
    ConfirmView,
    DoneCode,
    DoneView,
    MisreadView,
    Option,
    PriceView,
    ProblemCode,
    ProblemView,
    TradesView,
    TradeView,
    View,
    WelcomeView,
)

LEAVING = frozenset({"cancel", "cancelar", "cancela", "/cancel", "/cancelar"})
NOT_DONE = DoneView(code=DoneCode.NOT_DONE)
LANGUAGES = ChoiceView(
    code=ChoiceCode.WHICH_LANGUAGE,
    options=(
        Option(request=Language("en"), line="/language en", label="English"),
        Option(request=Language("pt-BR"), line="/idioma pt", label="Português"),
    ),
)

Question = ConfirmView | ChoiceView | WelcomeView | Draft


@dataclass(frozen=True)
class Heard:
    """What a line came to: views to show at once, and what is to be asked of the door."""

    request: Request | None = None
    views: tuple[View, ...] = ()


class Dialogue:
    """Lines in, requests and questions out. `is_asking`: somebody is there to be asked."""

    def __init__(self, door: Door, *, is_asking: bool = True) -> None:
        self._door = door
        self._is_asking = is_asking
        self._question: Question | None = None
        self._asked = frozenset[AskCode]()

    def leave(self) -> Heard | None:
        """Drop the open question and say so; None when there was none, or it must be answered."""
        question, self._question = self._question, None
        is_droppable = question is not None and not isinstance(question, WelcomeView)
        return Heard(views=(NOT_DONE,)) if is_droppable else None

    def is_passed_over(self, line: str) -> bool:
        """Tell whether a yes or no is asked for, and the line wants something else."""
        return isinstance(self._question, ConfirmView) and self._is_whole(line)

    def kept(self, request: Request) -> str:
        """Return the line of `en` that brings a request back, or the order it was a look-up for."""
        question = self._question
        if isinstance(request, Price) and isinstance(question, Draft):
            return question.line
        return hidden_line(request) or spelled(request)

    def hear(self, line: str) -> Heard:
        """Say what a line means now, after the question before it."""
        question = self._question
        if question is None:
            return self._command(line)
        if not line.strip():
            return Heard()
        self._question = None
        text = bare(line.strip()[:64])
        if text in LEAVING:
            return Heard(views=(NOT_DONE,))
        match question:
            case ConfirmView():
                return self._confirmed(question, line)
            case WelcomeView():
                return self._currency(question, text, line)
            case ChoiceView():
                return self._chosen(question, text, line)
            case Draft():
                return self._grown(question, line)

    def carry_on(self, press: Press, typed: str | None = None) -> Heard:
        """Take a button that carries an order on, with the word that was typed for it."""
        self._question = None
        draft = begun(press)
        if press.kind is PressKind.FORM and typed is None:
            self._question = draft
            return Heard()
        if typed is None:
            return self._understood(reads(press.line, "en"), draft)
        return self._grown(draft, typed)

    async def answer(self, request: Request, key: str) -> AsyncGenerator[View, None]:
        """Ask the door, and remember what it asks back. `key` makes a retry harmless."""
        whole = await self._whole(request, key)
        if isinstance(whole, View):
            self._remember(whole)
            yield whole
            return
        draft = self._question
        if isinstance(whole, Price) and isinstance(draft, Draft):
            async for view in self._ask_with_price(draft, key):
                yield view
            return
        asked: AskView | None = None
        async with aclosing(self._door.handle(whole, key)) as views:
            async for view in views:
                if isinstance(view, AskView):
                    asked = view
                    break
                self._remember(view)
                yield view
        if asked is not None:
            async for question in self._ask_amount(whole, asked, key):
                yield question

    async def _ask_amount(
        self, request: Request, view: AskView, key: str
    ) -> AsyncGenerator[View, None]:
        """Ask for what neither the line nor a plan knows; the coin's price comes with it."""
        if not self._is_asking:
            yield refuse_incomplete(request) or ProblemView(code=ProblemCode.AMOUNT_MISSING)
            return
        async for question in self._ask_with_price(asked_for(view, self._asked), key + "-look"):
            yield question

    async def _ask_with_price(self, draft: Draft, key: str) -> AsyncGenerator[View, None]:
        """Ask the step of an order; its question says the coin's price, and no room sees it."""
        async for seen in self._door.handle(Price(draft.coin), key):
            draft = draft.looked_up(seen)
            if not isinstance(seen, PriceView):
                yield seen
        self._question = draft
        yield draft.question

    async def _whole(self, request: Request, key: str) -> Request | View:
        """Complete a request, or return what is asked or told instead of it."""
        if isinstance(request, Language) and request.code is None:
            return LANGUAGES
        if lacks_trade(request):
            picked = await self._picked(request, key)
            if isinstance(picked, View):
                return picked
            request = self._seen_first(picked)
        if self._is_asking and isinstance(request, SetStop | SetTarget):
            return await self._with_level(request, key)
        is_for_plans = isinstance(request, Open) and request.symbol is not None
        return request if is_for_plans else refuse_incomplete(request) or request

    async def _picked(self, request: Request, key: str) -> Request | View:
        """Look at the open trades; return the request on the only one, or ask which is meant."""
        looked = [view async for view in self._door.handle(ListTrades(), key + "-look")]
        shown = looked[-1] if looked else None
        if not isinstance(shown, TradesView):
            return shown or ProblemView(code=ProblemCode.TRY_AGAIN)
        return turned(request, shown) if isinstance(request, PickPage) else pick(request, shown)

    async def _with_level(self, request: SetStop | SetTarget, key: str) -> Request | View:
        """Ask for a level that is missing, if there is an open trade to set it for."""
        draft = next_step(request, None)
        if draft is None:
            return request
        target = request.target
        if isinstance(target, ByNumber):
            async for view in self._door.handle(ShowTrade(target), key + "-look"):
                if isinstance(view, ProblemView):
                    return view
                if isinstance(view, TradeView) and not view.is_open:
                    facts = {"number": str(target.number)}
                    return ProblemView(
                        code=ProblemCode.TRADE_CLOSED, facts=facts, suggestion="/trades"
                    )
        self._question = draft
        return draft.question

    def _seen_first(self, request: Request) -> Request:
        """Preview the close of a trade that nobody named: a bare /close is asked about."""
        is_asked = self._is_asking and self._door.confirm != "never"
        if is_asked and isinstance(request, Close):
            return structs.replace(request, is_asking=True)
        return request

    def _remember(self, view: View) -> None:
        """Keep a question open; a script is asked for nothing but a yes."""
        is_choice = isinstance(view, ChoiceView) or (
            isinstance(view, WelcomeView) and view.currency is None
        )
        if isinstance(view, ConfirmView) or (self._is_asking and is_choice):
            assert isinstance(view, ConfirmView | ChoiceView | WelcomeView)
            self._question = view

    def _command(self, line: str) -> Heard:
        request = reads(line, self._door.locale)
        if isinstance(request, Yes | No):
            return Heard(views=(ProblemView(code=ProblemCode.NOTHING_TO_CONFIRM),))
        return self._understood(request, None)

    def _after_nothing(self, line: str) -> Heard:
        """Take a line that is no answer as a command; the question is dropped, and said so."""
        heard = self._command(line)
        return Heard(heard.request, (NOT_DONE, *heard.views))

    def _understood(self, request: Request | MisreadView, before: Draft | None) -> Heard:
        if isinstance(request, MisreadView):
            self._question = before
            return Heard(views=(request, before.question) if before else (request,))
        self._asked = before.asked if before else frozenset()
        if isinstance(request, SetStop | SetTarget):  # asked for once its trade is known to be open
            return Heard(request)
        draft = next_step(request, before) if self._is_asking else None
        if draft is not None:
            self._question = draft
            if draft.coin and (before is None or before.coin != draft.coin):
                return Heard(Price(draft.coin))
            return Heard(views=(draft.question,))
        is_asked = before is not None or self._door.confirm == "always"
        if is_asked and isinstance(request, Open | Close | Again):
            return Heard(structs.replace(request, is_asking=True))
        return Heard(request)

    def _confirmed(self, question: ConfirmView, line: str) -> Heard:
        answer = reads(line, self._door.locale)
        if isinstance(answer, Yes):
            return Heard(question.on_yes)
        return Heard(views=(NOT_DONE,)) if isinstance(answer, No) else self._after_nothing(line)

    def _currency(self, question: WelcomeView, text: str, line: str) -> Heard:
        names = [currency for currency, _ in question.choices]
        chosen = CURRENCIES.get(text)
        if text in {str(number) for number in range(1, len(names) + 1)}:
            chosen = names[int(text) - 1]
        if chosen in names:
            return Heard(Start(chosen))
        self._question = question
        request = reads(line, self._door.locale)
        is_free = isinstance(request, Start | Help | Quit | Language)
        return Heard(request) if is_free else Heard(views=(question,))

    def _chosen(self, question: ChoiceView, text: str, line: str) -> Heard:
        option = _option_named(question.options, text, self._door.locale)
        answer = reads(line, self._door.locale)
        if option is None and isinstance(answer, Yes) and len(question.options) == 1:
            option = question.options[0]
        if option is not None:
            return self._understood(option.request, None)
        if isinstance(answer, No):
            return Heard(views=(NOT_DONE,))
        if len(text) == 1 and text in LETTERS:
            self._question = question
            return Heard(views=(question,))
        return self._after_nothing(line)

    def _is_whole(self, line: str) -> bool:
        """Tell whether a line that is no answer means something by itself."""
        return not isinstance(reads(line, self._door.locale), MisreadView | Yes | No)

    def _grown(self, draft: Draft, line: str) -> Heard:
        if line.lstrip().startswith("/"):
            return self._after_nothing(line)
        request = reads(draft.with_answer(line.strip(), self._door.locale), self._door.locale)
        if isinstance(request, MisreadView) and self._is_whole(line):
            return self._command(line)
        if (doubt := draft.doubts(request)) is not None:
            self._question = draft
            return Heard(views=(doubt, draft.question))
        return self._understood(request, draft)


def _option_named(options: tuple[Option, ...], text: str, locale: str) -> Option | None:
    """Find an answer by its letter, its trade's number (`#47`, `47`) or its label."""
    for letter, option in zip_longest(LETTERS, options):
        if option is None:
            break
        number = str(option.row.number) if option.row else None
        label = bare(renumbered(option.label, locale))
        if text in {letter, label} or number == text.removeprefix("#"):
            return option
    return None
