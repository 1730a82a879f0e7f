"""Keeps one odd event from ending the session: the library lets it escape its gateway loop.

An event that cannot be parsed is logged and skipped. READY is not guarded: a session without its
beginning is worth nothing, and a new client is made.
"""

import logging
from collections.abc import Callable
from typing import Any

import discord

from engine.defects import DEFECTS

log = logging.getLogger(__name__)

UNGUARDED = frozenset({"READY", "RESUMED"})


def tolerate_odd_events(client: discord.Client) -> None:
    """Guard every parser of a client that is not connected yet."""
    parsers = client._connection.parsers  # noqa: SLF001 - the library offers no other way
    for name, parse in list(parsers.items()):
        if name not in UNGUARDED:
            parsers[name] = _guarded(name, parse)


def _guarded(name: str, parse: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def parse_or_skip(data: Any) -> None:
        try:
            parse(data)
        except DEFECTS as error:
            log.warning("an event of Discord cannot be read: %s (%s)", name, type(error).__name__)

    return parse_or_skip
