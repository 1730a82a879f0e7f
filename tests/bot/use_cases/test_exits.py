"""Stops and targets as they are asked for: in time, too early, for a short, on the wrong side."""

from tests.bot.conversation.desk import open_desk


async def test_break_even_is_set_when_it_costs_nothing_and_told_when_that_is(dsn):
    async with open_desk(dsn) as desk:
        ana = await desk.opens()
        await ana.says("/buy btc 500")
        early = await ana.says("/sl 1 be")
        assert early.startswith("✕")
        assert "60,120.1" in early
        await desk.moves("BTCUSDT", "61000")
        assert "stop 60,120.1" in await ana.says("/sl 1 be")
        assert "stop removed" in await ana.says("/sl 1 off")
        await ana.says("/short btc 500")
        assert (await ana.says("/stop 2 0x0")).startswith("✕")
        await desk.moves("BTCUSDT", "60000")
        assert "stop 60,878.1" in await ana.says("/stop 2 0x0")


async def test_a_level_on_the_wrong_side_offers_one_on_the_right_side(dsn):
    async with open_desk(dsn) as desk:
        ana = await desk.opens()
        await ana.says("/buy btc 500")
        await ana.says("/short btc 300")
        for line, retry in (
            ("/sl 1 65000", "/sl 1 58800"),
            ("/tp 1 55000", "/tp 1 61200"),
            ("/sl 2 55000", "/sl 2 61200"),
            ("/tp 2 65000", "/tp 2 58800"),
        ):
            refused = await ana.says(line)
            assert "on the wrong side" in refused, line
            (button,) = [label for label, one in ana.buttons.items() if one.line == retry]
            assert "✅ BTC #" in await ana.presses(button)


async def test_a_stop_is_of_ones_own_open_trade_and_set_once(dsn):
    async with open_desk(dsn) as desk:
        ana, bob = await desk.opens(), await desk.opens()
        await ana.says("/buy btc 500")
        assert await bob.says("/sl 1 2%") == "✕ You have no trade #1"
        assert "stop 58,800" in await ana.says("/sl btc 2%", key="same")
        assert await ana.says("/sl btc 3%", key="same") == "That was done already."
        await ana.says("/buy btc 200")
        assert await ana.says("/sl btc 3%") == "❓ Which BTC trade?"
        assert "#2 · stop 58,200" in await ana.presses("#2")
        await ana.says("/close 2")
        assert await ana.says("/sl 2 2%") == "✕ #2 is closed already"


async def test_a_price_that_cannot_be_meant_is_asked_about(dsn):
    async with open_desk(dsn) as desk:
        ana = await desk.opens()
        await ana.says("/buy btc 500")
        assert await ana.says("/sl 1 2") == "✕ 2 would be a price. Did you mean 2%?"
        assert "stop 58,800" in await ana.presses("2%")
        asked = await ana.says("/buy btc 100 sl 58")
        assert asked == "✕ 58 is far off. Did you mean 58 thousand?"
        assert "Stop 58,000.00" in await ana.presses("58,000")
        told = await ana.says("/sl 1 R$300000")
        assert told.splitlines() == [
            "✕ BTC/USDT has no prices in BRL",
            "Write it in USDT, or in percent.",
        ]
        assert list(ana.buttons) == ["/sl 1"]
        assert "BRL" in await ana.says("/buy btc 500 sl=R$300000 tp4%")
        assert list(ana.buttons) == ["/buy btc 500 sl=2% tp=4%"]


async def test_an_amount_in_a_unit_that_cannot_be_keeps_the_rest_of_the_order(dsn):
    async with open_desk(dsn) as desk:
        ana = await desk.opens()
        assert "can't be in ETH" in await ana.says("/short btc 2eth sl2%")
        assert list(ana.buttons) == ["/short btc 5000 sl=2%"]


async def test_an_amount_in_another_money_is_offered_as_what_it_is_worth(dsn):
    async with open_desk(dsn) as desk:
        ana = await desk.opens()
        assert "can't be in BRL" in await ana.says("/buy btc R$100")
        assert list(ana.buttons) == ["/buy btc 18.18"]


async def test_a_price_that_cannot_be_meant_is_asked_about_in_the_reader_s_numbers(dsn):
    async with open_desk(dsn) as desk:
        rui = await desk.opens()
        await rui.says("/buy btc 500")
        await rui.says("/idioma pt")
        asked = await rui.says("/stop 1 2,5")
        assert asked == "✕ 2,5 seria um preço. Quis dizer 2,5%?"
        assert list(rui.buttons) == ["2,5%", "Cancelar"]
        assert await rui.says("/stop 1 61,480") == '✕ "61,480" tem duas leituras. Qual?'
        assert list(rui.buttons) == ["61.480", "61,48", "Cancelar"]


async def test_what_the_store_does_not_take_in_time_is_to_be_tried_again(dsn, monkeypatch):
    async with open_desk(dsn) as desk:
        ana = await desk.opens()
        await ana.says("/buy btc 500 sl2%")
        monkeypatch.setattr("bot.use_cases.exits.STORED_SECONDS", 0.0)
        assert (await ana.says("/sl 1 3%")).startswith("✕")
