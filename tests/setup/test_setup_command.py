"""`setup` brings a host from two tokens to a working bot, and says in a sentence what is wrong."""

import asyncio
import stat
from collections.abc import Callable

import pytest

from bot.operator_text import explain
from bot.platform_checks import CheckFailed, DiscordCheck, TelegramCheck
from bot.settings import Settings
from bot.setup import Console, run_setup
from tests.support.discord.stand_in import TOKEN as DISCORD_TOKEN
from tests.support.discord.stand_in import DiscordStandIn
from tests.support.telegram.stand_in import TOKEN as TELEGRAM_TOKEN
from tests.support.telegram.stand_in import TelegramStandIn

WRONG_TELEGRAM = "1234567:" + "A" * 35
OWNER = 1_100_000_000_000_000_099


class Host:
    """Somebody at the terminal: answers in order, and keeps what he is told."""

    def __init__(self, *answers: str | Callable[[], str]) -> None:
        self._answers = list(answers)
        self.read: list[str] = []

    def console(self) -> Console:
        return Console(self._ask, self.read.append, is_interactive=True)

    def _ask(self, question: str) -> str:
        self.read.append(question)
        answer = self._answers.pop(0) if self._answers else ""
        return answer if isinstance(answer, str) else answer()

    @property
    def screen(self) -> str:
        return "\n".join(self.read)


def settings(telegram: TelegramStandIn, discord: DiscordStandIn, **more: str) -> Settings:
    return Settings.from_environ(
        {
            "HOME": "/nonexistent",
            "TELEGRAM_API_URL": telegram.url,
            "DISCORD_API_URL": discord.api_url,
            **more,
        }
    )


async def test_two_tokens_become_a_working_bot(tmp_path):
    file = tmp_path / ".env"
    file.write_text("LOG_LEVEL=info\n")
    async with TelegramStandIn() as telegram, DiscordStandIn() as discord:
        ana = telegram.user(7, "Ana")
        await ana.starts()
        host = Host(TELEGRAM_TOKEN, DISCORD_TOKEN)
        done = await asyncio.to_thread(run_setup, settings(telegram, discord), file, host.console())
        hello = await ana.next()
    assert done
    assert "Vigilante is ready" in hello.text
    assert "https://t.me/vigilante_bot" in host.screen
    assert "permissions=" in host.screen
    assert "integration_type=1" in host.screen
    lines = file.read_text().splitlines()
    assert "LOG_LEVEL=info" in lines
    assert f"TELEGRAM_TOKEN={TELEGRAM_TOKEN}" in lines
    assert f"DISCORD_TOKEN={DISCORD_TOKEN}" in lines
    assert any(line.startswith("ADMINS=telegram:7") for line in lines)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert TELEGRAM_TOKEN not in host.screen
    assert DISCORD_TOKEN not in host.screen


async def test_what_was_written_is_what_the_program_reads(tmp_path, monkeypatch):
    from bot.__main__ import environ

    (tmp_path / ".env").write_text(f"TELEGRAM_TOKEN={TELEGRAM_TOKEN}\nADMINS=telegram:7\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TELEGRAM_TOKEN", raising=False)
    read = Settings.from_environ(environ())
    assert read.telegram_token == TELEGRAM_TOKEN
    monkeypatch.setenv("TELEGRAM_TOKEN", WRONG_TELEGRAM)
    assert Settings.from_environ(environ()).telegram_token == WRONG_TELEGRAM
    assert TELEGRAM_TOKEN not in repr(read)


async def test_a_refused_token_is_said_and_nothing_is_written(tmp_path):
    file = tmp_path / ".env"
    async with TelegramStandIn() as telegram, DiscordStandIn() as discord:
        host = Host("not a token", WRONG_TELEGRAM)
        done = await asyncio.to_thread(run_setup, settings(telegram, discord), file, host.console())
    assert not done
    assert not file.exists()
    assert "TELEGRAM_TOKEN is not a token of @BotFather" in host.screen
    assert "Telegram does not know this token" in host.screen
    assert "No platform was set up" in host.screen


async def test_a_platform_that_is_away_is_said_without_its_address(tmp_path):
    async with TelegramStandIn() as telegram, DiscordStandIn() as discord:
        known = settings(telegram, discord)
    host = Host(TELEGRAM_TOKEN, DISCORD_TOKEN)
    done = await asyncio.to_thread(run_setup, known, tmp_path / ".env", host.console())
    assert not done
    assert host.screen.count("does not answer (ConnectError)") == 2
    assert TELEGRAM_TOKEN not in host.screen


async def test_tokens_of_the_environment_are_checked_without_asking(tmp_path):
    async with TelegramStandIn() as telegram, DiscordStandIn() as discord:
        host = Host()
        quiet = Console(host.console().ask, host.read.append, is_interactive=False)
        known = settings(telegram, discord, TELEGRAM_TOKEN=TELEGRAM_TOKEN)
        done = await asyncio.to_thread(run_setup, known, tmp_path / ".env", quiet)
    assert done
    assert "TELEGRAM_TOKEN is set already" in host.screen


async def test_a_check_says_what_it_is_without_its_token():
    checks = (TelegramCheck("http://127.0.0.1:1", "t"), DiscordCheck("http://127.0.0.1:1", "d"))
    assert [repr(check) for check in checks] == ["TelegramCheck()", "DiscordCheck()"]
    for check in checks:
        with pytest.raises(CheckFailed) as caught:
            await check.who()
        assert "127.0.0.1" not in explain(caught.value)
        assert caught.value.__cause__ is None
