"""Hostile names, titles and texts on the wire: nothing that is sent links, mentions or misleads."""

import asyncio
import re
from decimal import Decimal
from itertools import count

import pytest

from bot import talks
from bot.surfaces.discord import rendering
from bot.surfaces.telegram import markup
from tests.bot.stories.people import asks
from tests.security.hostile import TEXTS, discord_faults, telegram_faults
from tests.support.platforms import PLATFORMS, serving
from tests.support.telegram.messages import Message, Shown

HOST = "777"
FIRST = 1_000
PATIENCE = 20.0  # seconds, with all of them at once on two shared cores
STRANGERS = 3_000
BROADCAST_MAX = 900
# What is typed with a hostile text in it, where a name, a coin, a plan, a code, a zone belongs.
LINES = (
    "{0}",
    "/price {0}",
    "/plan {0} 100 sl=2%",
    "/buy {0} 100",
    "/buy btc 100 plan={0}",
    "/buy btc {0} sl{0}",
    "/link {0}",
    "/timezone {0}",
    "/close {0}",
)
OPTIONS = (
    ("price", "coin", 100),
    ("plan", "name", 100),
    ("link", "code", 100),
    ("timezone", "zone", 100),
    ("do", "text", 400),
)
SENDS = re.compile(r"send(?!ChatAction)|edit|answerCallbackQuery")
# What is said of these names when they are not made harmless.
NAME = "<a href='https://evil.example'>x</a> <b>Bo</b> @evil_bot t.me/evil #tag"
DISCORD_NAME = "@everyone <@1> [x](https://evil.example) discord.gg/evil \u202ex **bold**"
SEEN = (
    *("<a> has", "<a> is none", "more than one bold", "mention", "hashtag", "text_link"),
    *("'t.me'", "'@everyone'", "'<'", "'['", "'https:'", "'discord.gg'", "'*'", "u202e"),
)
_numbers = count(50_000)


async def enroll(books, *people: int, platforms: tuple[str, ...] = PLATFORMS) -> None:
    """Open an account for people whom no platform has shown us yet."""
    for at in people:
        for platform in platforms:
            await books.enroll(platform, str(at), "en", "UTC", ("USDT", Decimal(10_000)))


def judged(town) -> tuple[int, list[str]]:
    """Return how many requests were looked at on both platforms, and all that is wrong."""
    calls = [call for call in town.telegram.requests if SENDS.match(call.method)]
    sent = [one for one in town.discord.requests if one.method in ("POST", "PATCH", "PUT")]
    sent = [one for one in sent if re.search("messages|webhooks|callback", one.path)]
    wrong = [f"{call.method}: {fault}" for call in calls for fault in telegram_faults(call)]
    wrong += [f"{one.path[:20]}: {fault}" for one in sent for fault in discord_faults(one)]
    return len(calls) + len(sent), wrong


async def on_telegram(town, at: int, text: str) -> None:
    """A group of that title, a stranger and a member of that name; then all that can be typed."""
    phone = town.telegram.user(FIRST + at, text)
    phone.patience_seconds = PATIENCE
    stranger = town.telegram.user(STRANGERS + at, text)
    group = town.telegram.group(-FIRST - at, text, phone, stranger)
    await phone.adds_bot(group)
    await phone.next(group)
    await stranger.says("/buy btc 100", group)
    await phone.next(group)
    await asks(phone, "/start")
    await asks(phone, "/menu")
    for line in LINES:
        typed(town, phone, line.format(text))
        await phone.next()


def typed(town, phone, line: str) -> None:
    """Send a line as it is, however long and odd, as a changed client might."""
    shown = Message(next(_numbers), phone.room(), phone.account, [Shown()])
    town.telegram.bot.updates.push("message", {**shown.to_json(), "text": line})


async def on_discord(town, at: int, text: str) -> None:
    """The same, as far as Discord lets it through: one line in an option, and a form."""
    person, stranger = (
        town.discord.user(FIRST + at, text),
        town.discord.user(STRANGERS + at, text),
    )
    room = town.discord.guild(FIRST + at, text, "general")["general"]
    for somebody in (person, stranger):
        room.guild.joins(somebody.account)
    await (await stranger.runs("buy", room, coin="btc")).reply(PATIENCE)
    await (await person.runs("start")).reply(PATIENCE)
    line = " ".join(text.split())
    for command, option, length in OPTIONS:
        await (await person.runs(command, **{option: line[:length]})).reply(PATIENCE)
    await person.completes("price", "coin", line[:100])
    asked = await (await person.runs("buy", coin="btc")).reply(PATIENCE)
    other = next(one for one in asked.labels if one.startswith("Type"))
    form = await (await person.presses(asked, other)).form(PATIENCE)
    await (await person.submits(form, line[:200])).reply(PATIENCE)


@pytest.mark.timeout(120)
async def test_no_name_title_or_typed_text_acts_in_anything_that_is_sent(town, books):
    await enroll(books, *range(FIRST, FIRST + len(TEXTS)))
    async with serving(town), asyncio.TaskGroup() as all_at_once:
        for at, text in enumerate(TEXTS):
            all_at_once.create_task(on_telegram(town, at, text))
            all_at_once.create_task(on_discord(town, at, text))
    looked_at, wrong = judged(town)
    assert sorted(set(wrong)) == []
    assert looked_at > len(TEXTS) * (len(LINES) + len(OPTIONS) + 6)


@pytest.mark.timeout(120)
async def test_no_broadcast_and_no_shared_card_acts(town, books):
    await enroll(books, FIRST)
    await enroll(books, int(HOST), platforms=("telegram",))
    ana, host = town.telegram.user(FIRST, TEXTS[0]), town.telegram.user(int(HOST), "Host")
    bob = town.discord.user(FIRST, TEXTS[0])
    async with serving(town, ADMINS=f"telegram:{HOST}") as now:
        for phone in (ana, host):
            phone.patience_seconds = PATIENCE
            await asks(phone, "/start")
        await (await bob.runs("start")).reply(PATIENCE)
        group = town.telegram.group(-5, TEXTS[1], ana)
        await ana.adds_bot(group)
        await asks(ana, "/buy btc 100")
        await asks(ana, "/close 1")
        await ana.says("/share 1", group)
        shared = await ana.sees("BTC", group)
        assert "Bo" in shared.text
        for at in range(3):
            text = "\n".join(text[:BROADCAST_MAX] for text in TEXTS[at::3])
            await host.says(f"/admin broadcast {text} end{at}")
            asked = await host.sees(f"end{at}")
            await host.presses(asked, asked.labels[0])
        now.app.delivery.relay._sweep_at = 0.0  # a broadcast waits for the next sweep
        for at in range(3):
            await ana.sees(f"end{at}")
            await bob.until(lambda one, end=f"end{at}": end in one.text, PATIENCE)
    assert sorted(set(judged(town)[1])) == []


@pytest.mark.timeout(60)
async def test_one_path_that_escapes_nothing_is_found_out(town, books, monkeypatch):
    """The judges themselves: people's names go out as they are, and each kind is seen."""
    monkeypatch.setattr(talks, "harmless", lambda name: name[:200])
    monkeypatch.setattr(markup, "escape", str)
    monkeypatch.setattr(rendering, "harmless", str)
    await enroll(books, FIRST, FIRST + 1)
    phone, person = town.telegram.user(FIRST, NAME), town.discord.user(FIRST + 1, DISCORD_NAME)
    async with serving(town):
        await asks(phone, "/start")
        await (await person.runs("start")).reply(PATIENCE)
    wrong = " ".join(judged(town)[1])
    for sign in SEEN:
        assert sign in wrong, sign
