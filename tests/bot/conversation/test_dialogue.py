"""A dialogue asks for what is missing, and does nothing that was not said or confirmed."""

from decimal import Decimal
from typing import Any

import pytest
from msgspec import structs

from bot.conversation import Dialogue
from bot.grammar.requests import (
    OFF,
    ByNumber,
    Close,
    CloseMany,
    Language,
    LevelText,
    ListTrades,
    Open,
    Price,
    SellPicker,
    SetStop,
    SetTarget,
    ShowTrade,
    SizeText,
    Start,
)
from bot.views import (
    AskCode,
    AskView,
    ChoiceCode,
    ChoiceView,
    ConfirmKind,
    ConfirmView,
    DoneCode,
    DoneView,
    MisreadView,
    OpenedView,
    ProblemCode,
    ProblemView,
    WelcomeView,
)
from engine.core.instrument import Direction
from tests.bot.terminal.stand_in import StandInDoor
from tests.bot.views.samples import BTC, ROWS_USDT

D = Decimal
LONG, SHORT = Direction.LONG, Direction.SHORT
NOT_DONE = DoneView(code=DoneCode.NOT_DONE)


class Talk:
    """Says lines to a dialogue and keeps what it shows."""

    def __init__(self, *, is_asking=True, **desk):
        self.door = StandInDoor(**desk)
        self.dialogue = Dialogue(self.door, is_asking=is_asking)
        self.count = 0

    async def say(self, *lines) -> list[Any]:
        shown = []
        for line in lines:
            shown = await self._say(line)
        return shown

    async def _say(self, line):
        heard = self.dialogue.hear(line)
        shown = list(heard.views)
        if heard.request is not None:
            self.count += 1
            answer = self.dialogue.answer(heard.request, str(self.count))
            shown += [view async for view in answer]
        return [_bare(view) for view in shown]

    @property
    def acted(self):
        looks = Start | ListTrades | ShowTrade | Price
        return [
            request
            for request in self.door.asked
            if not isinstance(request, looks) and not _only_asks(request)
        ]


def _bare(view):
    """Keep of a step what it asks, about which coin."""
    return structs.replace(view, line="", asked=()) if isinstance(view, AskView) else view


def _only_asks(request):
    return isinstance(request, Open) and (request.is_asking or request.size is None)


def ask(code, coin=""):
    instrument = BTC if coin else None
    return AskView(code=code, coin=coin, price=D(61480) if coin else None, instrument=instrument)


async def test_a_lone_buy_is_put_together_step_by_step_and_confirmed():
    talk = Talk()
    await talk.say("/start")
    assert await talk.say("/buy") == [ask(AskCode.COIN)]
    (question,) = await talk.say("btc")
    assert question == AskView(code=AskCode.AMOUNT, coin="BTC", price=D(61480), instrument=BTC)
    assert await talk.say("1k") == [ask(AskCode.STOP, "BTC")]
    assert await talk.say("2%") == [ask(AskCode.TARGET, "BTC")]
    order = Open(LONG, "BTC", SizeText(D(1000)), LevelText(D(2), is_percent=True))
    (preview,) = await talk.say("off")
    assert preview == ConfirmView(
        kind=ConfirmKind.OPEN, on_yes=order, currency="USDT", pair="BTC/USDT", price=D(61480)
    )
    assert talk.acted == []
    (opened,) = await talk.say("yes")
    assert isinstance(opened, OpenedView)
    assert talk.acted == [order]


async def test_a_step_without_its_percent_sign_is_asked_again():
    talk = Talk()
    await talk.say("/start", "/buy", "btc", "500")
    doubt, question = await talk.say("2")
    assert isinstance(doubt, ChoiceView)
    assert doubt.code is ChoiceCode.PERCENT_MEANT
    assert question == ask(AskCode.STOP, "BTC")
    assert await talk.say("60000") == [ask(AskCode.TARGET, "BTC")]
    assert talk.acted == []


async def test_several_steps_can_be_answered_at_once():
    talk = Talk()
    (*_, question) = await talk.say("/comprar", "btc 500 stop2%")
    assert question == ask(AskCode.TARGET, "BTC")
    (preview,) = await talk.say("4%")
    assert preview.on_yes.target == LevelText(D(4), is_percent=True)


async def test_an_amount_before_the_coin_is_asked_for_finds_its_place():
    talk = Talk()
    assert await talk.say("/buy 500") == [ask(AskCode.COIN)]
    (*_, question) = await talk.say("btc")
    assert question == ask(AskCode.STOP, "BTC")


async def test_an_unknown_coin_is_asked_for_again():
    talk = Talk()
    problem, question = await talk.say("/buy", "nope")
    assert problem.code is ProblemCode.UNKNOWN_COIN
    assert question == ask(AskCode.COIN)
    (*_, question) = await talk.say("btc")
    assert question == ask(AskCode.AMOUNT, "BTC")


async def test_an_answer_that_is_not_understood_is_asked_for_again():
    talk = Talk()
    misread, question = await talk.say("/buy btc", "lots")
    assert isinstance(misread, MisreadView)
    assert question == ask(AskCode.AMOUNT, "BTC")


@pytest.mark.parametrize("word", ["cancel", "Cancelar", "/cancel"])
async def test_cancel_leaves_the_steps(word):
    talk = Talk()
    assert await talk.say("/buy btc", word) == [NOT_DONE]
    assert await talk.say("yes") == [ProblemView(code=ProblemCode.NOTHING_TO_CONFIRM)]
    assert talk.acted == []


async def test_a_command_leaves_the_steps_and_is_done():
    talk = Talk()
    shown = await talk.say("/buy btc", "/close 47")
    assert shown[0] == NOT_DONE
    assert talk.acted == [Close(ByNumber(47))]


async def test_nao_at_a_stop_question_means_no_stop():
    talk = Talk(locale="pt-BR")
    assert await talk.say("/comprar btc", "500", "não") == [ask(AskCode.TARGET, "BTC")]


async def test_a_whole_order_is_never_asked_about():
    talk = Talk()
    await talk.say("/buy btc 500")
    assert talk.acted == [Open(LONG, "BTC", SizeText(D(500)))]


@pytest.mark.parametrize(
    ("answer", "acted"),
    [
        ("yes", [CloseMany((47, 48))]),
        ("sim", [CloseMany((47, 48))]),
        ("no", []),
        ("não", []),
        ("yep", []),
        ("", []),
    ],
)
async def test_a_group_is_closed_only_after_a_yes(answer, acted):
    talk = Talk()
    await talk.say("/close all", answer)
    assert talk.acted[1:] == acted


async def test_another_command_drops_the_question_and_says_so():
    talk = Talk(is_asking=False)
    shown = await talk.say("/close all", "/buy btc 500")
    assert shown[0] == NOT_DONE
    assert await talk.say("yes") == [ProblemView(code=ProblemCode.NOTHING_TO_CONFIRM)]


async def test_an_edit_without_a_trade_means_the_only_one():
    talk = Talk(rows=ROWS_USDT[:1])
    await talk.say("/sl 2%")
    assert talk.acted == [SetStop(ByNumber(47), LevelText(D(2), is_percent=True))]


async def test_an_edit_without_a_trade_asks_which_and_takes_its_number():
    talk = Talk()
    (question,) = await talk.say("/sl off")
    assert question.code is ChoiceCode.WHICH_TRADE
    assert [option.line for option in question.options] == ["/sl 47 off", "/sl 48 off"]
    await talk.say("#48")
    assert talk.acted == [SetStop(ByNumber(48), OFF)]


async def test_a_lone_command_asks_for_trade_and_level_in_turn():
    talk = Talk()
    await talk.say("/tp")
    assert await talk.say("b") == [ask(AskCode.LEVEL_TARGET)]
    await talk.say("65k")
    assert talk.acted == [SetTarget(ByNumber(48), LevelText(D(65000)))]


async def test_without_open_trades_there_is_nothing_to_close():
    talk = Talk(rows=())
    assert await talk.say("/close") == [ProblemView(code=ProblemCode.NO_OPEN_TRADES)]


async def test_sell_offers_what_is_held_and_the_short_but_does_neither():
    talk = Talk()
    (question,) = await talk.say("/sell btc 500")
    assert question.code is ChoiceCode.SELL_WHOLE
    assert [option.line for option in question.options] == ["/close 47", "/short btc 500"]
    assert talk.acted == []
    talk.door.fill.set()
    await talk.say("b")
    assert talk.acted == [Open(SHORT, "BTC", SizeText(D(500)))]


@pytest.mark.parametrize("line", ["/sell btc 50%", "/vender btc 50%"])
async def test_a_share_is_sold_as_a_share(line):
    talk = Talk()
    (question,) = await talk.say(line)
    assert question.code is ChoiceCode.SELL_WHAT
    assert [option.line for option in question.options] == ["/close 47 50%", "/short btc 50%"]
    await talk.say("a")
    assert talk.acted == [Close(ByNumber(47), D("0.5"))]


async def test_an_incomplete_short_from_the_picker_is_put_together():
    talk = Talk(rows=())
    assert await talk.say("/sell", "a") == [ask(AskCode.COIN)]


async def test_a_letter_that_is_no_answer_asks_again():
    talk = Talk()
    (question,) = await talk.say("/close")
    assert await talk.say("c") == [question]
    await talk.say("a")
    assert talk.acted == [Close(ByNumber(47))]


async def test_leaving_a_question_says_that_nothing_was_done():
    talk = Talk()
    await talk.say("/close all")
    left = talk.dialogue.leave()
    assert left is not None
    assert left.views == (NOT_DONE,)
    assert talk.dialogue.leave() is None


async def test_a_line_that_answers_no_choice_is_taken_as_a_command():
    talk = Talk()
    shown = await talk.say("/close", "/sl 47 off")
    assert shown[0] == NOT_DONE
    assert talk.acted == [SetStop(ByNumber(47), OFF)]
    assert await talk.say("/close", "no") == [NOT_DONE]


async def test_a_newcomer_may_ask_for_help_before_he_picks():
    talk = Talk(is_known=False)
    shown = await talk.say("/start", "/help")
    assert [type(view).__name__ for view in shown] == ["HelpView"]
    assert (await talk.say("2"))[0].currency == "BRL"


async def test_a_picked_language_is_spoken():
    talk = Talk()
    (question,) = await talk.say("/language")
    assert isinstance(question, ChoiceView)
    await talk.say("português")
    assert talk.acted == [Language("pt-BR")]


@pytest.mark.parametrize(
    ("answer", "currency"), [("1", "USDT"), ("2", "BRL"), ("r$", "BRL"), ("usdt", "USDT")]
)
async def test_a_newcomer_picks_his_money_with_one_key(answer, currency):
    talk = Talk(is_known=False)
    await talk.say("/start")
    assert (await talk.say("3"))[0].currency is None
    (welcome,) = await talk.say(answer)
    assert isinstance(welcome, WelcomeView)
    assert welcome.currency == currency


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("/buy", ProblemView),
        ("/buy btc", ProblemView),
        ("/price", ProblemView),
        ("/sl 47", MisreadView),
        ("/tp 47", MisreadView),
        ("/close", ChoiceView),
        ("/sell btc", ChoiceView),
    ],
)
async def test_a_script_is_told_what_is_missing_instead_of_being_asked(line, kind):
    talk = Talk(is_asking=False)
    (told,) = await talk.say(line)
    assert isinstance(told, kind)
    assert talk.dialogue.leave() is None
    assert [request for request in talk.acted if not isinstance(request, SellPicker)] == []
