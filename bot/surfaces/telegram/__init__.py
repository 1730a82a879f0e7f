"""The chat on Telegram; needs a token."""

from bot.surfaces.telegram.surface import TelegramSettings, run_telegram

__all__ = ["TelegramSettings", "run_telegram"]
