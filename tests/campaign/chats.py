"""A broad walk over every command and button on both platforms, checked against their own words.

`--specs FOLDER` has `telegram-bot-api.json` and `discord-openapi.json`; without it only what the
servers refuse and what we log as our fault is counted.
"""

import asyncio
import logging
import traceback
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from unittest.mock import patch

from bot.conversation.flood import Floods, Pace
from tests.bot.stories.people import enrolled, joined
from tests.campaign.walkers import DiscordWalker, Figures, TelegramWalker
from tests.support.discord.stand_in import DiscordStandIn
from tests.support.platforms import Town, open_town, serving
from tests.support.specs.discord import DiscordSpec
from tests.support.specs.telegram import TelegramSpec
from tests.support.telegram.stand_in import TelegramStandIn

GROUP, GUILD = -100777, 777
HOSTS = "telegram:101,discord:201"
# Refusals that are how one finds something out.
EXPECTED = (
    "sendChatAction Forbidden: bot can't initiate",  # may we write to him? No
    "setMyCommands Bad Request: chat not found",  # a host who has not pressed Start yet
    "editMessageText Bad Request: there is no text in the message",  # a picture: a new message
    "editMessageText Bad Request: message is not modified",  # a refresh that has nothing new
    "editMessageReplyMarkup Bad Request: message is not modified",  # its buttons are gone already
    "GET /guilds/{guild_id}/members/{user_id} 404",  # may he share there? He is not in it
)
STAND_INS = ("aiohttp.server",)


class Errors(logging.Handler):
    """Keeps what is logged as an error."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.kept: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one record of ours with the end of its trace."""
        if record.name in STAND_INS:  # a client that hung up
            return
        trace = logging.Formatter().formatException(record.exc_info) if record.exc_info else ""
        self.kept.append(f"{record.name}: {record.getMessage()} {trace[-800:]}")


@dataclass
class Walked:
    """What a walk came to."""

    figures: Figures = field(default_factory=Figures)
    requests: dict[str, int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    refusals: Counter[str] = field(default_factory=Counter[str])
    errors: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        """Tell whether nothing was wrong."""
        return not (self.problems or self.unexpected or self.errors or self.wrong)

    @property
    def wrong(self) -> list[str]:
        return self.figures.wrong + self.left

    @property
    def unexpected(self) -> dict[str, int]:
        return {
            text: count for text, count in self.refusals.items() if not text.startswith(EXPECTED)
        }

    def say(self) -> str:
        """Return the report."""
        figures = self.figures
        done = f"{figures.lines} lines and commands, {figures.presses} presses, "
        done += f"{figures.forms} forms, {figures.completions} completions"
        checked = ", ".join(f"{name} {count:,}" for name, count in self.requests.items())
        known = [text for text in self.refusals if text.startswith(EXPECTED)]
        lists = {
            "expected refusals": [f"{self.refusals[text]} x {text[:100]}" for text in known],
            "problems": sorted(set(self.problems)),
            "refusals": [f"{count} x {text}" for text, count in self.unexpected.items()],
            "errors logged": self.errors,
            "wrong texts": self.wrong,
        }
        told = [done, f"messages read: {dict(figures.shown)}", f"requests checked: {checked}"]
        for name, found in lists.items():
            told += [f"{name}: {len(found)}", *(f"  {one}" for one in found[:40])]
        return "\n".join(told)


async def chats(dsn: str, folder: Path, specs: Path | None) -> Walked:
    """Walk over everything on both platforms at once, and tell what came of it."""
    walked, errors = Walked(), Errors()
    logging.getLogger().addHandler(errors)
    telegram = TelegramSpec(specs / "telegram-bot-api.json") if specs else None
    discord = DiscordSpec(specs / "discord-openapi.json") if specs else None
    servers = {"telegram": TelegramStandIn(spec=telegram), "discord": DiscordStandIn(spec=discord)}
    try:
        async with open_town(dsn, folder, **servers) as town:
            with patch.object(Floods, "judge", return_value=Pace.HEARD):
                async with serving(town, ADMINS=HOSTS):
                    await _walk(town, walked)
            _judge(town, walked)
    finally:
        logging.getLogger().removeHandler(errors)
        walked.errors += errors.kept
    return walked


async def _walk(town: Town, walked: Walked) -> None:
    """Let everybody walk: two languages, in private and among others, on both platforms."""
    figures = walked.figures
    group = town.telegram.group(GROUP, "Desk <b>", town.telegram.user(100, "Owner"))
    place = town.discord.guild(GUILD, "Desk @everyone", "general")["general"]
    await town.telegram.user(100).adds_bot(group)
    walkers: list[TelegramWalker | DiscordWalker] = []
    people = ((1, "en", "en-US"), (2, "pt", "pt-BR"))
    for number, code, locale in people:
        at_home = town.telegram.user(100 + number, f"Ana <i>{number}", code)
        outside = town.telegram.user(110 + number, "Bia [x](tg://user?id=1)", code)
        group.put(outside.account, "administrator" if number == 1 else "member")
        walkers += [
            TelegramWalker(town, await enrolled(at_home), figures),
            TelegramWalker(town, await enrolled(outside), figures, group),
        ]
        there = town.discord.user(200 + number, f"Caio **{number}", locale)
        guest = town.discord.user(210 + number, "Duda <@1>", locale)
        place.guild.joins(guest.account)
        if number == 1:  # may share into the server, from his private chat
            place.guild.joins(there.account)
        walkers += [
            DiscordWalker(town, await joined(there), figures),
            DiscordWalker(town, await joined(guest, place), figures, place),
        ]
    stranger = town.telegram.user(120, "Eve", "de")
    group.put(stranger.account, "member")
    walkers.append(TelegramWalker(town, stranger, figures, group))
    tasks = {asyncio.create_task(one.walk()): one for one in walkers}
    await asyncio.wait(tasks)
    for task, walker in tasks.items():
        if (error := task.exception()) is not None:
            who, trace = type(walker).__name__, "".join(traceback.format_exception(error))
            walked.left.append(f"{who} gave up: {trace[-1500:]}")


def _judge(town: Town, walked: Walked) -> None:
    telegram, discord = town.telegram, town.discord
    walked.problems = [*telegram.problems, *discord.problems]
    walked.requests = {"telegram": len(telegram.requests), "discord": len(discord.requests)}
    walked.refusals.update(
        f"{call.method} {call.description}" for call in telegram.requests if call.status >= 400
    )
    walked.refusals.update(
        f"{one.method} {one.template} {one.status} {str(one.answer)[:300]}"
        for one in discord.requests
        if one.status >= 400
    )
