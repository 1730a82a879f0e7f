"""An order's usual parts, saved; and the same trade once more."""

import pytest

from tests.bot.conversation.desk import open_desk


async def test_plans_are_saved_shown_used_and_removed(dsn):
    async with open_desk(dsn) as desk:
        ana = await desk.opens()
        assert "No plans yet" in await ana.says("/plan")
        assert await ana.says("/plan swing") == '✕ You have no plan "swing"'
        assert await ana.says("/plan swing off") == '✕ You have no plan "swing"'
        assert await ana.says("/buy eth plan=swing") == '✕ You have no plan "swing"'
        saved = await ana.says("/plan swing 200usdt sl2% tp4%")
        assert 'Plan "swing" is saved' in saved
        assert "stop 2% · target 4%" in saved
        assert "default · 5% · stop 1%" in await ana.says("/plan default sl1%")
        one = await ana.says("/plan swing")
        assert "swing" in one
        assert "default" not in one
        by_default = await ana.says("/buy eth")
        assert "· 500.00 USDT" in by_default
        assert "(−1%)" in by_default
        named = await ana.says("/buy eth plan=swing")
        assert "200.00 USDT" in named
        assert "(−2%)" in named
        other = await ana.says("/buy eth 100 tp9% plan=swing")
        assert "100.00 USDT" in other
        assert "(+9%)" in other
        assert "stop" not in (await ana.says("/buy eth 100")).lower().partition("no stop")[0]
        assert 'Plan "swing" deleted' in await ana.says("/plan swing off")
        await ana.says("/plan default off")
        assert "how much?" in await ana.says("/buy eth")


async def test_twenty_plans_are_enough_and_one_of_them_may_change(dsn):
    async with open_desk(dsn) as desk:
        ana = await desk.opens()
        for number in range(20):
            assert "is saved" in await ana.says(f"/plan p{number} 100")
        assert "20" in await ana.says("/plan onemore 100")
        assert "is saved" not in ana.text
        assert "is saved" in await ana.says("/plan p7 200")


async def test_a_plan_in_whole_coins_can_be_read_again(dsn):
    async with open_desk(dsn) as desk:
        ana = await desk.opens()
        assert "is saved" in await ana.says("/plan odd 2.0eth sl2%")
        assert "2 ETH" in await ana.says("/plan")
        assert "2 ETH" in await ana.says("/buy eth plan=odd")


async def test_a_trade_is_opened_again_by_number_by_coin_or_the_last(dsn):
    async with open_desk(dsn) as desk:
        ana = await desk.opens()
        assert await ana.says("/again") == "No trade yet: open a first one"
        assert await ana.says("/again 7") == "✕ You have no trade #7"
        await ana.says("/buy btc 0.01btc sl59000 tp=66000")
        await ana.says("/short eth 300usdt sl20%")
        await ana.says("/close 2")
        for line, parts in (
            ("/again 1", ("BTC long #3", "0.01 BTC", "(−1.67%)", "(+10%)")),
            ("/again btc", ("BTC long #4", "0.01 BTC", "(−1.67%)", "(+10%)")),
            ("/again eth", ("ETH short #5", "300.00 USDT", "(−20%)")),
            ("/again", ("ETH short #6", "300.00 USDT", "(−20%)")),
        ):
            opened = await ana.says(line)
            for part in parts:
                assert part in opened, (line, part)
        refused = await ana.says("/again sol")
        assert refused.startswith("✕")
        assert "SOL" in refused


@pytest.mark.parametrize("line", ["/again 1", "/again"])
async def test_a_trade_in_dollars_of_a_reais_account_is_opened_again_in_dollars(dsn, line):
    async with open_desk(dsn) as desk:
        rui = desk.stranger()
        await rui.says("/start")
        await rui.presses("Português")
        await rui.presses("R$")
        await rui.says("/comprar btcusdt 100usdt stop2%")
        assert "#2" in await rui.says(line)
        entry = await desk.app.context.books.entry(await user_of(desk, rui), 2)
        assert entry is not None
        assert (str(entry.order.size.amount), entry.order.size.unit.value) == ("100", "quote")


async def user_of(desk, somebody) -> int:
    identity = somebody.person.identity
    person = await desk.app.context.books.person(identity.platform, identity.id)
    assert person is not None
    return person.user_id


async def test_the_same_trade_is_previewed_for_who_wants_to_be_asked(dsn):
    async with open_desk(dsn) as desk:
        ana = await desk.opens()
        await ana.says("/buy btc 0.01btc sl2%")
        await ana.says("/settings confirm always")
        assert "❓ BTC/USDT long · 0.01 BTC?" in await ana.says("/again")
        assert "BTC long #2" in await ana.says("yes")
