"""What many closes at one word come to: one message, nothing twice."""

from decimal import Decimal

from msgspec import structs

from bot.conversation.exchange import Turn, gathered, merged, placed
from bot.conversation.presses import Press, PressKind
from bot.conversation.said import Said, Where
from bot.messages.layout import lay
from bot.views import (
    AdminDoneView,
    DoneCode,
    DoneView,
    ManyClosedView,
    OrderWaitingView,
    ProblemCode,
    ProblemView,
)
from engine.core.instrument import Direction
from tests.bot.views.samples import BTC, ENGLISH, OTHER_EXIT, STOPPED_USDT

FAILED = ProblemView(code=ProblemCode.TRY_AGAIN)
PRESSED = Turn(Said(key="1", payload="x"), press=Press(kind=PressKind.DO, line="=x 47,48"))


def waiting(number):
    return OrderWaitingView(instrument=BTC, direction=Direction.LONG, number=number)


def told(*views):
    return merged([lay(view, ENGLISH) for view in gathered(views)])


def test_many_closes_begin_with_their_sum_and_end_with_the_balance_and_their_cards():
    message = told(STOPPED_USDT, OTHER_EXIT)
    assert message.lines == (
        "⚪ 2 trades closed · −1.02 USDT",
        "#47 BTC long ▼ −11.00 (−2.20%)",
        "#48 BTC long ▲ +9.98 (+2.00%)",
        "Balance 10,499.10",
    )
    assert [[button.label for button in row] for row in message.rows] == [
        ["Card #47", "Card #48"],
        ["Trades", "Menu"],
    ]
    assert message.rows[0][1].press.line == "/card 48"


def test_very_many_closes_offer_the_first_cards_and_the_way_to_the_others():
    exits = [structs.replace(STOPPED_USDT, number=number) for number in range(1, 26)]
    rows = told(*exits).rows
    cards = [button.label for row in rows[:-1] for button in row]
    assert cards == [f"Card #{number}" for number in range(1, 13)]
    assert [button.label for button in rows[-1]] == ["Trades", "History", "Menu"]


def test_parts_of_many_trades_are_not_called_closed():
    half = [
        structs.replace(one, is_closed=False, share=Decimal("0.5"))
        for one in (STOPPED_USDT, OTHER_EXIT)
    ]
    message = told(*half)
    assert message.lines[0] == "⚪ 2 trades reduced · −1.02 USDT"
    assert [[button.label for button in row] for row in message.rows] == [["Trades", "Menu"]]


def test_an_order_that_waited_is_told_by_its_exit_alone():
    assert gathered([waiting(47), STOPPED_USDT]) == [STOPPED_USDT]
    assert gathered([waiting(49), STOPPED_USDT]) == [STOPPED_USDT, waiting(49)]


def test_what_was_not_closed_is_told_after_what_was_once():
    views = [FAILED, STOPPED_USDT, FAILED, OTHER_EXIT]
    assert gathered(views) == [ManyClosedView(exits=(STOPPED_USDT, OTHER_EXIT)), FAILED, FAILED]
    assert told(*views).lines[-1] == lay(FAILED, ENGLISH).lines[0]
    assert len(told(*views).lines) == 5


def test_a_second_press_is_a_toast():
    again = DoneView(code=DoneCode.ALREADY_DONE)
    message = told(again, again)
    assert len(message.lines) == 1
    assert placed(message, again, PRESSED).where is Where.TOAST


def test_a_broadcast_that_is_on_its_way_takes_the_place_of_its_question():
    for action, where in (("broadcast", Where.SAME), ("pause", Where.NEW)):
        view = AdminDoneView(action=action, count=2)
        turn = Turn(PRESSED.said, press=PRESSED.press)
        assert placed(lay(view, ENGLISH), view, turn).where is where
