"""The house's example messages, word for word, in both languages."""

from decimal import Decimal

import pytest
from msgspec import structs

from bot.views import OrderFailedView, RefusedView, TradesView
from bot.views.plain import lines_of
from engine.core.commands import Refusal, RefusalCode
from engine.core.instrument import Direction, Instrument
from engine.core.trade import ExitReason
from tests.bot.views.samples import (
    BTC,
    BTC_BRL,
    ENGLISH,
    LIST_BRL,
    LIST_USDT,
    OPENED_BRL,
    OPENED_USDT,
    PORTUGUESE,
    SILENCE,
    STOPPED_BRL,
    STOPPED_USDT,
    at,
    text_of,
)

D = Decimal
LONG, SHORT = Direction.LONG, Direction.SHORT


def check(view, words, expected):
    assert text_of(view, words) == expected.strip("\n")


def test_an_opened_trade_shows_its_fill_exits_risk_and_speed():
    check(
        OPENED_USDT,
        ENGLISH,
        """
✅ BTC long #47 · 499.83 USDT
In 61,480.00 · 0.00813 BTC · fee 0.50
Stop 60,250.40 (−2%) → −10.99
Target 63,939.20 (+4%) → +18.97
Risking 0.11% of equity · 84 ms
""",
    )
    check(
        OPENED_BRL,
        PORTUGUESE,
        """
✅ BTC comprado #47 · R$ 2.498,72
Entrada 334.500 · 0,00747 BTC · taxa 2,50
Stop 327.810 (−2%) → −R$ 54,92
Alvo 347.880 (+4%) → +R$ 94,85
Risco: 0,11% do patrimônio · 84 ms
""",
    )


@pytest.mark.parametrize(
    ("ratio", "told"),
    [("0.00002", "<0.01%"), ("0.00009", "<0.01%"), ("0.0001", "0.01%"), ("0.0011", "0.11%")],
)
def test_a_small_risk_is_not_called_none(ratio, told):
    lines = lines_of(structs.replace(OPENED_USDT, risk_ratio=D(ratio)), ENGLISH)
    assert f"Risking {told} of equity" in lines[-1]


def test_a_trade_without_a_stop_is_told_how_to_get_one():
    bare = structs.replace(
        OPENED_USDT,
        stop=None,
        target=None,
        risk_ratio=None,
        direction=SHORT,
        liquidation_price=D("122837.16"),
    )
    check(
        bare,
        ENGLISH,
        """
✅ BTC short #47 · 499.83 USDT
In 61,480.00 · 0.00813 BTC · fee 0.50
No stop. Set one: /sl 47 2%
Liquidation at 122,837.16
""",
    )


def test_a_pair_in_another_currency_is_named_in_full():
    assert text_of(structs.replace(OPENED_USDT, currency="BRL"), PORTUGUESE).startswith(
        "✅ BTC/USDT comprado #47 · R$ 499,83\n"
    )


def test_the_list_shows_each_result_and_the_distance_to_its_stop():
    check(
        LIST_USDT,
        ENGLISH,
        """
2 open · ▼ −1.39 USDT
#47 BTC long  ▲ +2.51 (+0.50%)
  61,912.30 · stop 2.7% away
#48 ETH short ▼ −3.90 (−1.30%)
  2,641.15 · stop 0.9% away
Equity 10,034.96 · live 14:32:07
""",
    )
    check(
        LIST_BRL,
        PORTUGUESE,
        """
2 abertas · ▼ −R$ 7,20
#47 BTC comprado ▲ +12,32 (+0,49%)
  336.820 · stop a 2,7%
#48 ETH vendido  ▼ −19,52 (−1,30%)
  14.369 · stop a 0,9%
Patrimônio R$ 50.174,80 · ao vivo 14:32:07
""",
    )


def test_an_empty_list_teaches_how_to_open_a_trade():
    empty = TradesView(rows=(), currency="USDT", pnl=D(0), equity=D(10000), at_ms=at(9))
    check(
        empty,
        ENGLISH,
        """
No open trades
Open one: /buy btc 100 sl2% tp4%
Equity 10,000.00 · live 09:00:00
""",
    )


def test_a_list_without_live_prices_says_how_old_they_are():
    row = structs.replace(LIST_USDT.rows[0], price_age_ms=47_000)
    old = structs.replace(LIST_USDT, rows=(row,), is_live=False)
    text = text_of(old, ENGLISH)
    assert "  61,912.30 (47 s old) · stop 2.7% away" in text
    assert text.endswith("Equity 10,034.96 · last known 14:32:07")


def test_a_stop_shows_its_gap_and_the_balance_after_it():
    check(
        STOPPED_USDT,
        ENGLISH,
        """
🛑 BTC stop · −11.00 USDT (−2.20%)
#47 long 61,480.00 → 60,248.10
Stop 60,250.40, slipped 2.30 · 3h12
Balance 9,989.00
""",
    )
    check(
        STOPPED_BRL,
        PORTUGUESE,
        """
🛑 Stop em BTC · −R$ 55,07 (−2,20%)
#47 comprado 334.500 → 327.790
Stop 327.810, slippage 20 · 3h12
Saldo R$ 49.944,93
""",
    )


def test_a_stop_that_was_found_late_says_so_first():
    check(
        structs.replace(STOPPED_USDT, late=SILENCE),
        ENGLISH,
        """
⏳ BTC stop · −11.00 USDT (−2.20%)
Happened 14:05:33, while I was offline
(14:02–14:09). #47 out at 60,248.10:
the same fill as if I had been here.
""",
    )
    check(
        structs.replace(STOPPED_BRL, late=SILENCE),
        PORTUGUESE,
        """
⏳ Stop em BTC · −R$ 55,07 (−2,20%)
Foi às 14:05:33, comigo fora do ar
(14:02–14:09). #47 saiu a 327.790:
o mesmo que se eu estivesse no ar.
""",
    )


@pytest.mark.parametrize(
    ("changes", "title"),
    [
        ({"pnl": D("3.10")}, "🛡 BTC stop · +3.10 USDT (−2.20%)"),
        ({"reason": ExitReason.COPY_STOP}, "🛑 BTC copy stop · −11.00 USDT (−2.20%)"),
        ({"reason": ExitReason.TAKE_PROFIT}, "🎯 BTC target · −11.00 USDT (−2.20%)"),
        ({"reason": ExitReason.MANUAL}, "⚪ BTC closed · −11.00 USDT (−2.20%)"),
        ({"reason": ExitReason.LIQUIDATION}, "💥 BTC liquidated · −11.00 USDT (−2.20%)"),
        ({"reason": ExitReason.ACCOUNT_RESET}, "⚪ BTC out: reset · −11.00 USDT (−2.20%)"),
    ],
)
def test_the_first_sign_tells_how_a_trade_ended(changes, title):
    text = text_of(structs.replace(STOPPED_USDT, **changes), ENGLISH)
    assert text.splitlines()[0] == title


def test_a_partial_close_shows_what_stays_set():
    half = structs.replace(
        STOPPED_USDT,
        reason=ExitReason.MANUAL,
        is_closed=False,
        share=D("0.5"),
        exit_price=D("62711.20"),
        pnl=D("4.49"),
        return_ratio=D("0.018"),
        trigger_price=None,
        stop_price=D("60250.40"),
        target_price=D("63939.20"),
    )
    check(
        half,
        ENGLISH,
        """
⚪ BTC half closed · +4.49 USDT (+1.80%)
#47 sold half at 62,711.20
Held 3h12 · fee 0.49
Kept: stop 60,250.40 · target 63,939.20
Balance 9,989.00
""",
    )
    check(
        half,
        PORTUGUESE,
        """
⚪ BTC: fechei metade · +4,49 USDT (+1,80%)
#47 vendi metade a 62.711,20
Durou 3h12 · taxa 0,49
Mantidos: stop 60.250,40 · alvo 63.939,20
Saldo 9.989,00
""",
    )


def test_a_liquidation_shows_what_was_forgiven():
    gone = structs.replace(
        STOPPED_USDT, reason=ExitReason.LIQUIDATION, direction=SHORT, forgiven=D("12.5")
    )
    assert "Loss beyond your stake, forgiven: 12.50" in text_of(gone, ENGLISH)


STALE = Refusal(RefusalCode.STALE_PRICE, {"price": "61480.00000000", "age_ms": "47210"})
STALE_BRL = Refusal(RefusalCode.STALE_PRICE, {"price": "334500", "age_ms": "47210"})


def test_an_order_on_an_old_price_is_refused_with_the_price_and_its_age():
    check(
        OrderFailedView(instrument=BTC, direction=LONG, refusal=STALE, currency="USDT"),
        ENGLISH,
        """
⛔ Not opened: BTC price is 47 s old
Last seen 61,480.00. I don't trade
on a price I can't see. Nothing spent.
""",
    )
    check(
        RefusedView(instrument=BTC_BRL, direction=LONG, refusal=STALE_BRL, currency="BRL"),
        PORTUGUESE,
        """
⛔ Não abri: preço do BTC de 47 s atrás
Último: 334.500. Não opero com preço
que não vejo. Nada foi gasto.
""",
    )


@pytest.mark.parametrize(
    ("facts", "words", "told"),
    [
        (STALE.facts, ENGLISH, "on a price I can't see. Nothing was done."),
        (STALE.facts, PORTUGUESE, "que não vejo. Nada foi feito."),
        ({}, ENGLISH, "Nothing was done."),
        ({}, PORTUGUESE, "Nada foi feito."),
    ],
)
def test_a_close_that_is_refused_speaks_of_no_spending(facts, words, told):
    refusal = Refusal(RefusalCode.STALE_PRICE, facts)
    view = OrderFailedView(
        instrument=BTC, direction=LONG, refusal=refusal, currency="USDT", number=47
    )
    assert lines_of(view, words)[-1] == told


WRONG_STOP = Refusal(
    RefusalCode.STOP_WRONG_SIDE,
    {"level": "62000", "price": "61480", "side": "below", "suggestion": "61479.99"},
)


def test_a_stop_on_the_wrong_side_is_refused_with_the_number_that_would_be_right():
    view = RefusedView(
        instrument=BTC, direction=LONG, refusal=WRONG_STOP, currency="USDT", number=47
    )
    check(
        view,
        ENGLISH,
        """
⛔ Not done: stop on the wrong side
Stop 62,000.00 is not below the price
(61,480.00); a long's stop goes below.
Try: /sl 47 61479.99
""",
    )
    check(
        view,
        PORTUGUESE,
        """
⛔ Não fiz: stop do lado errado
O stop 62.000,00 não está abaixo do preço
(61.480,00); stop de comprado fica abaixo.
Tente: /stop 47 61479,99
""",
    )


def test_a_tiny_price_counts_its_zeros():
    pepe = Instrument("PEPEUSDT", "PEPE", "USDT", is_trading=True, tick_size=D("0.00000001"))
    assert ENGLISH.price(D("0.00001234"), pepe) == "0.0₄1234"
    assert PORTUGUESE.price(D("0.00001234"), pepe) == "0,0₄1234"
