"""The real library on the other side of the wire, for the tests of the stand-in."""

import asyncio
from typing import Self

from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Update,
)
from telegram.error import (
    TelegramError,
)
from telegram.ext import Updater

from tests.support.telegram.stand_in import TelegramStandIn

PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452000000040000000308020000003a1b7fae")


def client(server: TelegramStandIn, token: str = "") -> Bot:
    return Bot(token or server.token, base_url=f"{server.url}/bot")


def keys(*rows: dict[str, str]) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        [
            [InlineKeyboardButton(label, callback_data=data) for label, data in r.items()]
            for r in rows
        ]
    )


async def updates(bot: Bot, offset: int | None = None) -> tuple[Update, ...]:
    return await bot.get_updates(offset=offset, timeout=0, allowed_updates=Update.ALL_TYPES)


class Listening:
    """A bot that polls with the library's own Updater; what it hears is in `heard`."""

    def __init__(self, bot: Bot) -> None:
        self.heard: asyncio.Queue[object] = asyncio.Queue()
        self.errors: list[TelegramError] = []
        self._updater = Updater(bot, self.heard)

    async def __aenter__(self) -> Self:
        await self._updater.initialize()
        await self._updater.start_polling(
            timeout=5,
            poll_interval=0.01,
            allowed_updates=Update.ALL_TYPES,
            error_callback=self.errors.append,
        )
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._updater.stop()

    async def next(self) -> Update:
        async with asyncio.timeout(5):
            heard = await self.heard.get()
        assert isinstance(heard, Update)
        return heard
