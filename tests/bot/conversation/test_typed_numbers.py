"""A number means what it meant where it was typed, through every step, button and ticket.

Who writes 1.500 for a thousand and a half gets a thousand and a half; where a number cannot be
meant as it is read, it is asked about.
"""

from decimal import Decimal

import pytest

from bot.conversation.presses import PressKind, encode
from bot.conversation.said import Said
from tests.bot.conversation.desk import GROUP, Somebody, open_desk

D = Decimal
WORDS = {
    "en": {"buy": "/buy", "yes": "Buy ", "no stop": "No stop", "no target": "No target"},
    "pt-BR": {
        "buy": "/comprar",
        "yes": "Comprar ",
        "no stop": "Sem stop",
        "no target": "Sem alvo",
    },
}


async def opens(desk, locale: str, platform: str = "telegram") -> Somebody:
    """Return somebody new who has chosen his language."""
    somebody = await desk.opens(platform=platform)
    await somebody.says(f"/language {locale.partition('-')[0]}")
    return somebody


async def types(somebody: Somebody, text: str) -> str:
    """Type the word that is asked for: as a line, or into the form that a button opens."""
    if somebody.person.identity.platform == "telegram":
        return await somebody.says(text)
    (form,) = [press for press in somebody.buttons.values() if press.kind is PressKind.FORM]
    await somebody.does(payload=encode(form), message_id="5")
    return await somebody.does(payload=encode(form), typed=text, message_id="5")


async def order_of(desk, somebody: Somebody):
    """Return the order of the last trade as it is stored."""
    identity = somebody.person.identity
    person = await desk.app.context.books.person(identity.platform, identity.id)
    assert person is not None
    record = await desk.app.context.books.entry(person.user_id, None)
    assert record is not None, somebody.text
    return record.order


AMOUNTS = [
    ("pt-BR", "1.500", "1.500 USDT?", D(1500)),
    ("pt-BR", "1.500,50", "1.500,50 USDT?", D("1500.5")),
    ("pt-BR", "0,125btc", "0,125 BTC?", D("0.125")),
    ("pt-BR", "0.125btc", "0,125 BTC?", D("0.125")),
    ("pt-BR", "2,5%", "2,5%?", D(250)),
    ("en", "1,500", "1,500 USDT?", D(1500)),
    ("en", "0.125btc", "0.125 BTC?", D("0.125")),
    ("en", "0,125btc", "0.125 BTC?", D("0.125")),
    ("en", "2.5%", "2.5%?", D(250)),
]
LEVELS = [
    ("pt-BR", "58.500", "63.500", (D(58500), D(63500))),
    ("pt-BR", "58.500,5", "63500", (D("58500.5"), D(63500))),
    ("en", "58,500", "63,500", (D(58500), D(63500))),
    ("en", "58,500.5", "63500", (D("58500.5"), D(63500))),
]


@pytest.mark.parametrize("platform", ["telegram", "discord"])
@pytest.mark.parametrize("case", AMOUNTS, ids=str)
async def test_an_amount_typed_in_a_guided_order_is_bought_as_it_was_meant(dsn, platform, case):
    locale, typed, shown, amount = case
    words = WORDS[locale]
    async with open_desk(dsn) as desk:
        ana = await opens(desk, locale, platform)
        await ana.says(words["buy"])
        await ana.presses("BTC")
        await types(ana, typed)
        await ana.presses("−2%")
        assert shown in await ana.presses("+4%")
        assert "✅" in await ana.presses(words["yes"])
        assert (await order_of(desk, ana)).size.amount == amount


@pytest.mark.parametrize("platform", ["telegram", "discord"])
@pytest.mark.parametrize("case", LEVELS, ids=str)
async def test_levels_typed_in_a_guided_order_are_set_as_they_were_meant(dsn, platform, case):
    locale, stop, target, prices = case
    words = WORDS[locale]
    async with open_desk(dsn) as desk:
        ana = await opens(desk, locale, platform)
        await ana.says(f"{words['buy']} btc")
        await ana.presses("500")
        await types(ana, stop)
        assert "❓" in await types(ana, target)
        assert "✅" in await ana.presses(words["yes"])
        order = await order_of(desk, ana)
        assert (order.stop.price, order.target.price) == prices


@pytest.mark.parametrize("locale", ["en", "pt-BR"])
@pytest.mark.parametrize(("stop", "target"), [("2,5%", "4.5%"), ("2.5%", "4,5%")])
async def test_percentages_are_read_alike_in_both_languages(dsn, locale, stop, target):
    words = WORDS[locale]
    async with open_desk(dsn) as desk:
        ana = await opens(desk, locale)
        for line in (f"{words['buy']} btc", "500", stop, target):
            await ana.says(line)
        assert "✅" in await ana.presses(words["yes"])
        order = await order_of(desk, ana)
        assert (order.stop.ratio, order.target.ratio) == (D("0.025"), D("0.045"))


@pytest.mark.parametrize("platform", ["telegram", "discord"])
@pytest.mark.parametrize(("locale", "typed"), [("en", "1.500"), ("pt-BR", "1,500")])
async def test_money_in_thousandths_is_asked_about(dsn, platform, locale, typed):
    words = WORDS[locale]
    async with open_desk(dsn) as desk:
        ana = await opens(desk, locale, platform)
        await ana.says(f"{words['buy']} btc")
        await types(ana, typed)
        await ana.presses(words["no stop"])
        assert "?" in await ana.presses(words["no target"])
        read = ("1,500", "1.5") if locale == "en" else ("1.500", "1,5")
        assert set(ana.buttons) >= set(read)
        assert "❓" in await ana.presses(read[0])
        assert "✅" in await ana.presses(words["yes"])
        assert (await order_of(desk, ana)).size.amount == 1500


@pytest.mark.parametrize("platform", ["telegram", "discord"])
@pytest.mark.parametrize(("locale", "typed"), [("en", "58.500"), ("pt-BR", "58,500")])
async def test_a_level_far_from_the_price_is_asked_about_before_the_yes(
    dsn, platform, locale, typed
):
    words = WORDS[locale]
    async with open_desk(dsn) as desk:
        ana = await opens(desk, locale, platform)
        await ana.says(f"{words['buy']} btc")
        await ana.presses("500")
        await types(ana, typed)
        await ana.presses("+4%")
        read = ("58,500", "58.5") if locale == "en" else ("58.500", "58,5")
        assert set(ana.buttons) >= set(read)
        assert "58" in await ana.presses(read[0])
        assert "✅" in await ana.presses(words["yes"])
        assert (await order_of(desk, ana)).stop.price == 58500


@pytest.mark.parametrize(
    ("locale", "line", "meant"),
    [
        ("en", "/buy btc 1.500", "1,500"),
        ("en", "/buy btc 1.500usdt", "1,500"),
        ("pt-BR", "/comprar btc 1,500", "1.500"),
        ("en", "/buy eth 1.250eth", None),  # 1,250 ETH cannot be paid: 1.25 are meant
        ("pt-BR", "/comprar eth 1.250eth", "1,25"),
        ("en", "/buy eth 1,250eth", "1.25"),
    ],
)
async def test_a_whole_line_with_a_doubtful_amount_is_asked_about(dsn, locale, line, meant):
    async with open_desk(dsn) as desk:
        ana = await opens(desk, locale)
        told = await ana.says(line)
        if meant is None:
            assert "✅" in told
            return
        assert "✕" in told
        await ana.presses(meant)
        assert "✅" in await ana.presses(WORDS[locale]["yes"])
        amount = 1500 if "500" in meant else D("1.25")
        assert (await order_of(desk, ana)).size.amount == amount


async def test_a_step_is_shown_as_it_was_understood(dsn):
    async with open_desk(dsn) as desk:
        bia = await opens(desk, "pt-BR")
        await bia.says("/comprar btc")
        assert "Até aqui: /comprar btc 1.500" in await bia.says("1.500")
        assert "stop=58.500" in await bia.says("58.500")
        assert "❓" in await bia.presses("+4%")


async def test_a_doubt_is_answered_by_its_letter_too(dsn):
    async with open_desk(dsn) as desk:
        ana = await desk.opens()
        for line in ("/buy btc", "500", "58.500"):
            await ana.says(line)
        assert "two ways" in await ana.says("4%")
        assert "❓" in await ana.says("a")
        assert "✅" in await ana.says("yes")
        assert (await order_of(desk, ana)).stop.price == 58500


@pytest.mark.parametrize(
    ("locale", "line", "shown"),
    [
        ("pt-BR", "/comprar btc 1.000 stop2,5%", ("1.000 USDT?", "Stop 2,5%")),
        ("pt-BR", "/comprar btc 1.500 stop=58.500", ("1.500 USDT?", "58.500")),
        ("en", "/buy btc 1,000 sl2.5%", ("1,000 USDT?", "Stop 2.5%")),
    ],
)
async def test_what_was_handed_off_is_resumed_as_it_was_typed(dsn, locale, line, shown):
    async with open_desk(dsn) as desk:
        ana = await opens(desk, locale)
        talk = desk.app.talks.of(ana.person.identity, GROUP)  # it has not spoken with him yet
        message = await talk.hand_off(Said(key="a", line=line))
        resumed = await ana.says(f"/start {message.rows[0][0].press.line}")
        assert all(part in resumed for part in shown), resumed


async def test_what_was_not_understood_when_handed_off_is_told_in_private(dsn):
    async with open_desk(dsn) as desk:
        bia = await opens(desk, "pt-BR")
        talk = desk.app.talks.of(bia.person.identity, GROUP)
        message = await talk.hand_off(Said(key="a", line="/comprar btc 1.500 10x"))
        told = await bia.says(f"/start {message.rows[0][0].press.line}")
        assert told.startswith("✕")
        assert "1.500 USDT" in await bia.presses("/comprar btc 1.500")


@pytest.mark.parametrize(
    ("steps", "shown"),
    [
        (("/comprar btc 1.500 stop 58.500",), ("1.500 USDT?", "58.500")),
        (("/comprar btc 1.000 stop2,5%",), ("1.000 USDT?", "2,5%")),
    ],
)
async def test_a_strangers_order_waits_as_he_typed_it(dsn, steps, shown):
    async with open_desk(dsn) as desk:
        leo = stranger(desk, "pt-BR")
        for line in steps:
            await leo.says(line)
        await leo.presses("Português")
        resumed = await leo.presses("10.000,00 USDT")
        assert all(part in resumed for part in shown), resumed


async def test_an_order_that_a_stranger_began_step_by_step_waits_too(dsn):
    async with open_desk(dsn) as desk:
        leo = stranger(desk, "pt-BR")
        await leo.says("/comprar 1.500")
        await leo.says("btc")
        await leo.presses("Português")
        assert "1.500 USDT?" in await leo.presses("10.000,00 USDT")


def stranger(desk, language: str) -> Somebody:
    """Return somebody without an account, whose platform tells his language."""
    new = desk.stranger()
    identity = new.person.identity
    new.person.identity = desk.app.talks.identity(
        identity.platform, identity.id, identity.name, language
    )
    return new


async def test_a_line_is_read_in_the_language_of_now_after_a_restart_or_in_another_room(dsn):
    async with open_desk(dsn) as desk:
        bia = await desk.opens()  # her phone speaks English
        await bia.says("/idioma pt")
        desk.app.talks._talks.clear()
        assert "✅" in await bia.says("/comprar btc 1.500")
        assert (await order_of(desk, bia)).size.amount == 1500
        other = bia.in_room(desk.house.room())
        assert "✅" in await other.says("/comprar btc 1.600")
        assert (await order_of(desk, bia)).size.amount == 1600
        await other.says("/language en")
        assert "two ways" in await bia.says("/buy btc 1.500")


async def test_a_plan_keeps_its_numbers_and_their_doubt(dsn):
    async with open_desk(dsn) as desk:
        bia = await opens(desk, "pt-BR")
        assert "1.500 USDT" in await bia.says("/plano a 1.500 stop=58.500")
        assert "✅" in await bia.says("/comprar btc plano=a")
        order = await order_of(desk, bia)
        assert (order.size.amount, order.stop.price) == (1500, 58500)
        ana = await desk.opens()
        assert "two ways" in await ana.says("/plan b 1.500 sl=58.500")
        assert "1,500 USDT" in await ana.presses("1,500")
        assert "two ways" in await ana.says("/buy btc plan=b")  # the stop, once the price is known
        await ana.presses("58,500")
        assert "✅" in await ana.presses("Buy ")
        order = await order_of(desk, ana)
        assert (order.size.amount, order.stop.price) == (1500, 58500)
        await ana.says("/plan c 500 tp=R$400000")
        assert "BRL" in await ana.says("/buy btc plan=c")


async def test_what_is_sold_short_instead_keeps_its_amount(dsn):
    async with open_desk(dsn) as desk:
        bia = await opens(desk, "pt-BR")
        await bia.says("/vender btc 1.500")
        assert "1.500 USDT?" in await bia.presses("Abrir short")


@pytest.mark.parametrize(("locale", "typed"), [("pt-BR", "70.000"), ("en", "70,000")])
async def test_a_price_to_be_told_of_is_the_one_that_was_typed(dsn, locale, typed):
    async with open_desk(dsn) as desk:
        ana = await opens(desk, locale)
        await ana.says("/alert")
        await ana.presses("BTC")
        assert typed in await types(ana, typed)
        assert [one.price for one in await alerts_of(desk, ana)] == [D(70000)]
        unsure = await opens(desk, "en" if locale == "pt-BR" else "pt-BR")
        await unsure.says("/alert btc")
        await types(unsure, typed)
        await unsure.presses("70.000" if locale == "en" else "70,000")
        assert [one.price for one in await alerts_of(desk, unsure)] == [D(70000)]


async def alerts_of(desk, somebody: Somebody):
    identity = somebody.person.identity
    person = await desk.app.context.books.person(identity.platform, identity.id)
    assert person is not None
    return await desk.app.context.books.alerts(person.user_id)
