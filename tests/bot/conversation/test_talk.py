"""What a talk makes of buttons: once, for their owner, asked about as he wants it."""

from dataclasses import replace

import asyncpg
import pytest

from bot.conversation.presses import Press, PressKind, encode
from bot.conversation.said import Asked, Room, Said, Shown, Where
from bot.messages.layout import lay
from bot.use_cases.books import Parked
from engine.ports import StoreUnavailable
from tests.bot.conversation.desk import GROUP, Somebody, open_desk

MANY_TRADES = """
INSERT INTO trades SELECT (r).* FROM trades t, generate_series(2, $1) AS n,
    LATERAL jsonb_populate_record(
        t, jsonb_build_object('id', 1000000 + n, 'number', 1000 + n)
    ) AS r
"""


def wheres(somebody: Somebody) -> list[Where]:
    return [one.where for one in somebody.shown if isinstance(one, Shown)]


@pytest.mark.parametrize(
    ("confirm", "typed", "pressed"),
    [("always", "❓", "❓"), ("buttons", "✅", "❓"), ("never", "✅", "✅")],
)
async def test_orders_are_asked_about_as_their_owner_wants_it(dsn, confirm, typed, pressed):
    async with open_desk(dsn) as desk:
        ana = await desk.opens()
        await ana.says("/buy btc 100")
        await ana.says(f"/settings confirm {confirm}")
        assert (await ana.says("/again 1")).startswith(typed)
        await ana.says("/trades 1")
        half = await ana.presses("50%")
        assert half.startswith("❓" if pressed == "❓" else "⚪")
        if pressed == "❓":
            assert (await ana.presses("Close")).startswith("⚪")
            assert wheres(ana) == [Where.SAME]
        assert (await ana.says("/close 1")).startswith("❓" if typed == "❓" else "⚪")


@pytest.mark.parametrize("line", ["/close all", "/close losers", "/close all 50%"])
async def test_who_wants_no_questions_closes_a_group_at_once(dsn, line):
    async with open_desk(dsn) as desk:
        ana = await desk.opens()
        await ana.says("/buy btc 100")
        await ana.says("/buy btc 100")
        await ana.says("/settings confirm never")
        assert (await ana.says(line)).startswith("⚪ 2 trades")
        assert len(ana.messages) == 1
        assert "winning" in await ana.says("/close winners")
        for dangerous in ("/reset", "/delete_me"):
            assert (await ana.says(dangerous)).startswith("❓")


async def test_a_button_pressed_twice_counts_once(dsn):
    async with open_desk(dsn) as desk:
        ana = await desk.opens()
        await ana.says("/settings confirm always")
        await ana.says("/buy btc 100")
        (yes,) = [press for label, press in ana.buttons.items() if label.startswith("Buy")]
        assert "#1" in await ana.does(payload=encode(yes), message_id="7")
        await ana.does(payload=encode(yes), message_id="7")
        assert ana.shown == []
        await ana.says("/settings confirm never")
        await ana.says("/trades 1")
        (half,) = [press for label, press in ana.buttons.items() if label == "50%"]
        assert "half closed" in await ana.does(payload=encode(half), message_id="7")
        for number in range(12):  # whether its print comes at once or a moment later
            press = (yes, half)[number % 2]
            said = await ana.does(payload=encode(press), message_id=str(number))
            assert said == "That was done already."
            assert wheres(ana) == [Where.TOAST]
        assert len(await desk.house.tables.fetch("SELECT id FROM trades")) == 1


async def test_what_does_not_fit_a_button_is_parked_for_its_owner_and_done_once(dsn):
    async with open_desk(dsn) as desk:
        ana, eve = await desk.opens(), await desk.opens()
        await ana.says("/buy btc 100")
        connection = await asyncpg.connect(dsn)
        await connection.execute(MANY_TRADES, 60)
        await connection.close()
        assert "60" in await ana.says("/close all")
        (press,) = [one for label, one in ana.buttons.items() if label.startswith("Close 60")]
        assert press.kind is PressKind.PARKED
        assert "too old" in await eve.does(payload=encode(press))
        assert wheres(eve) == [Where.TOAST]
        text = f"/start {press.line}"
        assert "❓" not in await eve.says(text)
        await ana.does(payload=encode(press), message_id="7")
        assert len(ana.messages) == 1
        assert "too old" in await ana.does(payload=encode(press), message_id="8")


async def test_a_button_is_its_owners_alone_and_never_somebodys_invention(dsn):
    async with open_desk(dsn) as desk:
        ana, eve = await desk.opens(), await desk.opens()
        owner = ana.person.identity.id
        press = encode(Press(kind=PressKind.DO, line="/price btc", owner=owner))
        group = eve.in_room(GROUP)
        assert "somebody else's" in await group.does(payload=press)
        assert wheres(group) == [Where.TOAST]
        for payload in ("", "zz", "d..:" + "x" * 200, "q..:/price btc", "dzzzz..:/price btc"):
            assert "too old" in await ana.does(payload=payload), payload
            assert wheres(ana) == [Where.TOAST]
        forged = encode(Press(kind=PressKind.DO, line="/nonsense"))
        assert (await ana.does(payload=forged)).startswith("✕")


async def test_a_form_asks_for_its_word_and_takes_it_typed_or_said(dsn):
    async with open_desk(dsn) as desk:
        ana = await desk.opens()
        await ana.says("/buy btc 100")
        await ana.presses("Stop")
        (form,) = [press for press in ana.buttons.values() if press.kind is PressKind.FORM]
        await ana.does(payload=encode(form))
        assert isinstance(ana.shown[0], Asked)
        assert "stop 58,800" in await ana.does(payload=encode(form), typed="2%")
        await ana.does(payload=encode(form), message_id="9")
        assert "stop 58,200" in await ana.says("3%")
        assert "stop 57,600" in await ana.does(payload=encode(form), typed="4%")


async def test_a_chart_stands_where_it_was_asked_and_its_interval_changes_it_in_place(dsn):
    async with open_desk(dsn) as desk:
        ana = await desk.opens()
        await ana.says("/price btc")
        await ana.presses("Chart")
        assert wheres(ana) == [Where.NEW]
        await ana.presses("4h")
        assert wheres(ana) == [Where.SAME]


async def test_a_rooms_pause_is_shared_and_what_comes_too_soon_is_his_alone(dsn):
    async with open_desk(dsn) as desk:
        ana, bob = await desk.opens(), await desk.opens()
        admin = ana.in_room(Room(id=GROUP.id, is_private=False, is_admin=True))
        assert "✕" in await bob.in_room(GROUP).says("/group cooldown 600")
        assert "10 min" in await admin.says("/group cooldown 600")
        ana, bob = ana.in_room(GROUP), bob.in_room(GROUP)
        first, second = [], []
        for somebody, seen in ((ana, first), (bob, second), (ana, second)):
            await somebody.says("/price btc")
            seen += [one.is_personal for one in somebody.shown if isinstance(one, Shown)]
        assert (first, second) == ([False], [True, True])
        other = bob.in_room(Room(id="-78", is_private=False))
        await other.says("/price btc")
        assert [one.is_personal for one in other.shown if isinstance(one, Shown)] == [False]


async def test_a_room_has_its_language_and_each_his_own(dsn):
    async with open_desk(dsn) as desk:
        ana = await desk.opens()
        admin = ana.in_room(Room(id=GROUP.id, is_private=False, is_admin=True))
        await admin.says("/group language pt")
        ana_there = ana.in_room(GROUP)
        await ana_there.says("/price btc")
        assert [one.locale for one in ana_there.messages] == ["pt-BR"]
        await ana_there.says("/balance")
        assert [one.locale for one in ana_there.messages] == ["en"]
        await ana.says("/price btc")
        assert [one.locale for one in ana.messages] == ["en"]


async def test_what_goes_wrong_is_one_sentence(dsn, monkeypatch, caplog):
    async with open_desk(dsn) as desk:
        ana = await desk.opens()
        house, group = desk.app.context.house, ana.in_room(GROUP)

        def fails_with(error: Exception):
            async def room(*_: object):
                raise error

            monkeypatch.setattr(house, "room", room)

        fails_with(StoreUnavailable("away"))
        assert (await group.says("/price btc")).startswith("✕ My database does not answer")
        fails_with(KeyError("a defect"))
        assert (await group.says("/price btc")).startswith("✕ My mistake.")
        assert "not heard, we are to blame" in caplog.text
        monkeypatch.setattr("bot.conversation.talk.lay", broken_once())
        assert (await ana.says("/price btc")).startswith("✕ My mistake.")
        assert "not worded: PriceView" in caplog.text


def broken_once():
    """Return a layout that fails the first time."""
    broken = iter([True])

    def once(view, words, *, owner=""):
        if next(broken, False):
            raise KeyError("no layout")
        return lay(view, words, owner=owner)

    return once


async def test_what_is_handed_off_or_looked_at_or_completed(dsn, monkeypatch):
    async with open_desk(dsn) as desk:
        ana = await desk.opens()
        talk = desk.app.talks.of(ana.person.identity, GROUP)
        press = Press(kind=PressKind.ASK, line="/buy btc 100", owner=ana.person.identity.id)
        for number, said in enumerate(
            (Said(key="a", line="/buy btc 100"), Said(key="b", payload=encode(press)))
        ):
            elsewhere = replace(GROUP, id=f"-10{number}")
            ticket = parked(await desk.app.talks.of(ana.person.identity, elsewhere).hand_off(said))
            assert "❓ BTC/USDT long" in await ana.says(f"/start {ticket}")
            assert "Welcome" in await ana.says(f"/start {ticket}")
        nothing = parked(await talk.hand_off(Said(key="c", payload="zz")))
        assert await talk.hand_off(Said(key="d", line="/buy eth 50")) is None
        assert "❓ ETH/USDT long" in await ana.says(f"/start {nothing}"), "the newest is kept"
        assert await talk.hand_off(Said(key="e", line="/buy eth 60")) is None
        assert "Welcome" in await ana.says(f"/start {nothing}"), "what was taken stays taken"
        assert ("BTC", "btc") in await talk.complete("coin", "b")
        assert await talk.complete("text", "b") == []

        async def person(*_: object):
            raise StoreUnavailable("away")

        monkeypatch.setattr(desk.app.context.books, "person", person)
        assert await talk.complete("trade", "") == []


def parked(message) -> str:
    """Return the ticket that an invitation carries."""
    press = message.rows[0][0].press
    assert press.kind is PressKind.PARKED
    return press.line


async def test_a_strangers_parked_button_is_his_wish_after_he_has_an_account(dsn):
    async with open_desk(dsn) as desk:
        new = desk.stranger()
        ticket = await park(desk, new, "d|/buy btc 100 sl=2%")
        await new.does(payload=encode(Press(kind=PressKind.PARKED, line=ticket)))
        await new.presses("English")
        assert "❓ BTC/USDT long · 100 USDT?" in await new.presses("10,000.00 USDT")


async def test_what_was_confirmed_once_is_not_resumed_as_confirmed(dsn):
    async with open_desk(dsn) as desk:
        ana = await desk.opens()
        await ana.says("/buy btc 100")
        for line in ("=x 1 100", "=reset", "=delete_me"):
            ticket = await park(desk, ana, line)
            assert "Welcome" in await ana.says(f"/start {ticket}")
            assert "#1" in await ana.says("/trades")


async def park(desk, somebody: Somebody, line: str) -> str:
    identity = somebody.person.identity
    return await desk.app.context.books.park(identity.platform, identity.id, Parked(line=line), 60)
