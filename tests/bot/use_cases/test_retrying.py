"""A refused entry comes with the line that would be taken, in the amount's own unit."""

from decimal import Decimal

import pytest

from bot.grammar.parse import parse
from bot.grammar.requests import Open, SizeText
from bot.use_cases.retrying import retry_of
from engine.core.commands import Refusal, RefusalCode

C = RefusalCode
SMALL = {"notional": "1.10", "notional_min": "5"}
POOR = {"needed": "1001.00", "balance": "480.25"}


def entry(line: str) -> Open:
    """Read an entry."""
    request = parse(line, "en")
    assert isinstance(request, Open)
    return request


@pytest.mark.parametrize(
    ("line", "code", "facts", "retry"),
    [
        ("/buy btc 500 sl=70000", C.STOP_WRONG_SIDE, {}, "/buy btc 500 sl=2%"),
        ("/short btc 500 tp=70000", C.TARGET_WRONG_SIDE, {}, "/short btc 500 tp=4%"),
        ("/buy btc 1.1 sl=2%", C.BELOW_NOTIONAL_MIN, SMALL, "/buy btc 5.3 sl=2%"),
        ("/buy btc 6brl", C.BELOW_NOTIONAL_MIN, SMALL, "/buy btc 29brl"),
        (
            "/buy btc 0.00001btc",
            C.BELOW_QUANTITY_MIN,
            {"quantity": "0.00001", "quantity_min": "0.001"},
            "/buy btc 0.0011btc",
        ),
        ("/buy btc 1000 sl=2%", C.BALANCE_TOO_LOW, POOR, "/buy btc 450 sl=2%"),
        ("/buy btc 100%", C.BALANCE_TOO_LOW, POOR, "/buy btc 45%"),
        ("/buy btc 1000", C.BALANCE_TOO_LOW, {"needed": "1001", "balance": "0"}, None),
        ("/buy btc 1000", C.BALANCE_TOO_LOW, {}, None),
        ("/buy btc 50%", C.BELOW_NOTIONAL_MIN, SMALL, None),
        ("/buy btc 1", C.BELOW_NOTIONAL_MIN, {"notional": "0", "notional_min": "5"}, None),
        ("/buy btc 100 sl=2%", C.STALE_PRICE, {}, "/buy btc 100 sl=2%"),
        ("/buy btc 100", C.STALE_RATE, {}, "/buy btc 100"),
        ("/buy btc 100", C.NOT_TRADING, {}, None),
    ],
)
def test_the_line_that_would_be_taken(line, code, facts, retry):
    assert retry_of(entry(line), Refusal(code, facts)) == retry


def test_a_large_amount_is_written_in_figures():
    refusal = Refusal(C.BALANCE_TOO_LOW, {"needed": "9009000", "balance": "48646.35"})
    retry = retry_of(entry("/buy btc 9m"), refusal)
    assert retry == "/buy btc 46000"
    assert entry(retry).size == SizeText(Decimal(46000))
