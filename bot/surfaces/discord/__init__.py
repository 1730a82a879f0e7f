"""Vigilante on Discord: slash commands, buttons, forms, and the way out for what is told unasked.

It turns interactions into what was said, and messages into components; it decides nothing.
"""

from bot.surfaces.discord.client import DiscordSettings
from bot.surfaces.discord.running import run_discord

__all__ = ["DiscordSettings", "run_discord"]
