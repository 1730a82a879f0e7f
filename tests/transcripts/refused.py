"""Every no, with the facts that its code would really have."""

from decimal import Decimal
from types import MappingProxyType

from bot.grammar.parse import parse
from bot.grammar.requests import Misread, MisreadCode
from bot.views import MisreadView, OrderFailedView, ProblemCode, ProblemView, RefusedView, View
from engine.core.commands import Refusal, RefusalCode
from engine.core.instrument import Direction, Instrument
from tests.bot.views.samples import BTC
from tests.transcripts.alert_samples import CODES as ALERT_CODES

OF_BTC = {"instrument": BTC, "direction": Direction.LONG, "currency": "USDT"}
ETH_BTC = Instrument("ETHBTC", "ETH", "BTC", is_trading=True, tick_size=Decimal("0.00001"))
CODE = RefusalCode
OF_TRADES = [code for code in RefusalCode if code not in ALERT_CODES]
FACTS = MappingProxyType(
    {
        CODE.NOT_TRADING: {"symbol": "BTCUSDT"},
        CODE.STALE_PRICE: {"symbol": "BTCUSDT", "price": "61480", "age_ms": "90000"},
        CODE.STALE_RATE: {"rate_symbols": "USDTBRL"},
        CODE.NO_ROUTE: {"quote": "BTC"},
        CODE.STOP_WRONG_SIDE: {
            "level": "62000",
            "price": "61480",
            "side": "below",
            "suggestion": "60250.40",
        },
        CODE.TARGET_WRONG_SIDE: {
            "level": "60000",
            "price": "61480",
            "side": "above",
            "suggestion": "63939.20",
        },
        CODE.BELOW_NOTIONAL_MIN: {"notional": "1", "notional_min": "5", "quote": "USDT"},
        CODE.BELOW_QUANTITY_MIN: {"quantity": "0.000001", "quantity_min": "0.00001", "base": "BTC"},
        CODE.BALANCE_TOO_LOW: {"needed": "500.5", "balance": "480.48"},
        CODE.SHARE_TOO_SMALL: {"share": "0.01", "quantity": "0.00081", "step_size": "0.00001"},
        CODE.QUOTA: {"limit": "200"},
    }
)
# What a no is about, where it is no long of BTC in a USDT account.
SUBJECTS = MappingProxyType(
    {CODE.STALE_RATE: {"currency": "BRL"}, CODE.NO_ROUTE: {"instrument": ETH_BTC}}
)
PROBLEM_FACTS = {
    "coin": "BTX",
    "number": "47",
    "unit": "ETH",
    "pair": "BTC/USDT",
    "quote": "USDT",
    "name": "ana",
    "price": "61603.09",
    "now": "61480",
    "seconds": "540",
    "limit": "20",
}
PROBLEM_FACTS_OF = {
    ProblemCode.TOO_FAST: {"seconds": "5"},
    ProblemCode.BAD_TIMEZONE: {"name": "Mars/Base"},
    ProblemCode.NOT_SAVED: {"name": "/srv/data"},
    ProblemCode.NO_PLAN: {"name": "swing"},
}
MISREAD_FACTS = {
    "text": "sl=2x",
    "length": "700",
    "limit": "500",
    "character": "U+202E",
    "feature": "trail",
    "amount": "100",
    "coin": "btc",
}


def refusal(code: RefusalCode) -> Refusal:
    """Return a no of the engine."""
    return Refusal(code, FACTS.get(code, {}))


def failed(code: RefusalCode, **more: object) -> OrderFailedView:
    """Return an order that ended without a fill."""
    return OrderFailedView(**{**OF_BTC, **SUBJECTS.get(code, {}), "refusal": refusal(code), **more})


def refused(code: RefusalCode) -> RefusedView:
    """Return a change of a trade that the engine did not take."""
    return RefusedView(**{**OF_BTC, **SUBJECTS.get(code, {})}, refusal=refusal(code), number=47)


def _problem(code: ProblemCode) -> ProblemView:
    facts = PROBLEM_FACTS | PROBLEM_FACTS_OF.get(code, {})
    return ProblemView(code=code, facts=facts, instrument=BTC)


def _misread(code: MisreadCode) -> MisreadView:
    line = None if code is MisreadCode.EMPTY else "/buy btc 100"
    return MisreadView(misread=Misread(code, MISREAD_FACTS, line))


def _read(line: str) -> MisreadView:
    answer = parse(line, "pt-BR")
    assert isinstance(answer, Misread)
    return MisreadView(misread=answer)


REFUSED: dict[str, View] = {
    **{f"failed {code.value}": failed(code) for code in OF_TRADES},
    "failed with a size that would do": failed(CODE.BALANCE_TOO_LOW, retry="/buy btc 480 sl=2%"),
    "failed to close": failed(CODE.STALE_PRICE, number=47),
    **{f"refused {code.value}": refused(code) for code in OF_TRADES},
    **{f"problem {code.value}": _problem(code) for code in ProblemCode},
    "problem with a suggestion": ProblemView(
        code=ProblemCode.NO_OPEN_TRADES, suggestion="/buy btc 0.5 sl2.5% tp4%"
    ),
    **{f"misread {code.value}": _misread(code) for code in MisreadCode},
    "misread with leverage": _read("/comprar btc 1.500,50 10x stop2,5%"),
    "misread command": _read("/comrar btc 100"),
}
