"""The unmodified program is asked to end, or killed, in the middle of what people do on both."""

import asyncio
import signal

import pytest

from tests.bot.stories.people import asks, buys, enrolled, joined, settled
from tests.support.platforms import program
from tests.support.shell import until

HOSTS = "telegram:1"


@pytest.fixture
def host(town):
    return town.telegram.user(1, "Host")


@pytest.fixture
def ana(town):
    return town.telegram.user(7, "Ana")


@pytest.fixture
def rui(town):
    return town.discord.user(70, "Rui", "pt-BR")


async def at_work(host, ana, rui):
    """Let everybody open his account, and the two traders a trade with a stop."""
    await enrolled(host)
    await enrolled(ana)
    await joined(rui)
    await buys(ana, "/buy btc 500 sl2%")
    turn = await rui.runs("comprar", moeda="btc", valor="500", stop="2%")
    await settled(turn, "✅ BTC comprado #1")


def told(messages, sign):
    """How often something is told."""
    return sum(sign in one.text for one in messages)


@pytest.mark.parametrize("ending", ["SIGTERM", "SIGKILL"])
async def test_nothing_is_lost_or_doubled_by_a_restart_on_both_platforms(
    town, host, ana, rui, ending
):
    async with program(town, ADMINS=HOSTS) as first:
        await at_work(host, ana, rui)
        live = await asks(ana, "/trades")
        ana.reads_all()
        await until(lambda: not len(town.telegram.bot.updates))  # the list is confirmed
        await ana.says("/short eth 300")
        ordering = await rui.runs("short", moeda="eth", valor="300")
        first.process.send_signal(signal.Signals[ending])
        await first.process.wait()
    await asyncio.sleep(0.3)
    for price in ("58700", "60500"):  # the stop is passed while nobody looks
        town.market.moves("BTCUSDT", price)
        await asyncio.sleep(0.2)
    async with program(town, ADMINS=HOSTS) as second:
        late = await ana.sees("⏳ BTC stop", seconds=15)
        assert "while I was offline" in late.text
        assert "#1 out at 58,700.00" in late.text
        late = await rui.until(lambda one: "⏳ Stop em BTC" in one.text, 15)
        assert "58.700,00" in late.text
        receipt = await host.sees("Back after", seconds=15)
        assert "2 exits found late" in receipt.text
        await ana.sees("ETH short #2", seconds=40)  # a killed answer holds its turn 30 s
        await ana.until(lambda: "#2 S ETH" in live.text or None, seconds=15)
        trades = await asks(ana, "/trades")
        assert trades.text.startswith("1 open")
        there = await rui.asks("operacoes")
        assert there.text.count("ETH") <= 1  # never twice, whenever it was killed
        if ordering.replies:  # what he was told was done is done
            assert "#2 V ETH" in there.text
        await asyncio.sleep(0.5)
        assert told(ana.messages(), "⏳ BTC stop") == 1
        assert told(rui.messages, "⏳ Stop em BTC") == 1
        assert told(host.messages(), "Back after") == 1
        assert (await second.terminate())[0] == 0
    assert first.complaints == []
    assert second.complaints == []


async def test_it_ends_in_order_within_five_seconds_while_both_are_busy(town, host, ana, rui):
    async with program(town, LOG_LEVEL="DEBUG") as running:
        await at_work(host, ana, rui)
        await asks(ana, "/trades")
        await asyncio.sleep(1.5)  # the budget of their chats is one message a second
        town.telegram.faults.delay("sendMessage", 0.3)
        town.discord.faults.on("callback", times=-1, delay_seconds=0.3)
        for one in (host, ana):
            await one.says("/balance")
            await rui.runs("saldo")
        await asyncio.sleep(0.2)
        code, seconds = await running.terminate()
    assert (code, seconds < 5) == (0, True), (code, seconds, running.output)
    assert running.complaints == []
    assert town.discord.gateway.client_closes == [1000]
    assert len(town.telegram.bot.updates) == 0  # all are confirmed: none comes again
    for secret in (town.telegram.token, town.discord.token):
        assert secret not in running.output
        assert secret[-20:] not in running.output


async def test_a_list_that_cannot_go_on_after_a_restart_says_so_before(town, rui):
    general = town.discord.guild(1, "Mesa", "geral")["geral"]
    async with program(town) as running:
        await joined(rui)
        await settled(await rui.runs("comprar", moeda="btc", valor="500"), "✅ BTC comprado #1")
        live = await rui.asks("operacoes", general)
        assert "ao vivo" in live.text
        code, seconds = await running.terminate()
    assert (code, seconds < 5) == (0, True), (code, seconds)
    assert "Parou de atualizar" in live.text
    assert "Continuar ao vivo" in live.labels
