"""The chat in a terminal or a pipe; needs no token."""

from bot.surfaces.terminal.chat import TerminalChat
from bot.surfaces.terminal.console import Console, open_console

__all__ = ["Console", "TerminalChat", "open_console"]
