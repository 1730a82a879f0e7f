"""Presses of our buttons, those from before a restart too: all they mean is in their id."""

import re
from typing import Any, Protocol

import discord
from discord import ui

from bot.surfaces.discord.places import Asking
from bot.surfaces.discord.rendering import PREFIX

PAYLOAD_MAX = 64


class Presses(Protocol):
    """What a client does about a press."""

    async def pressed(self, interaction: Asking, payload: str) -> None:
        """Do what a button carries."""
        ...


class PressButton(
    ui.DynamicItem[ui.Button[Any]],
    template=rf"{re.escape(PREFIX)}(?P<payload>(?s:.){{1,{PAYLOAD_MAX}}})",
):
    """One of our buttons, whoever made it and when."""

    def __init__(self, item: ui.Button[Any], payload: str) -> None:
        super().__init__(item)
        self._payload = payload

    @classmethod
    async def from_custom_id(
        cls,
        interaction: Asking,  # noqa: ARG003 - the library's signature
        item: ui.Item[Any],
        match: re.Match[str],
        /,
    ) -> "PressButton":
        assert isinstance(item, ui.Button)
        return cls(item, match["payload"])

    async def callback(self, interaction: Asking) -> None:
        client: Any = interaction.client
        await client.pressed(interaction, self._payload)


def submitted(interaction: Asking) -> tuple[str, str] | None:
    """Return the payload and what was typed of one of our forms; None for any other's."""
    data: dict[str, Any] = dict(interaction.data or {})
    name = data.get("custom_id", "")
    if interaction.type is not discord.InteractionType.modal_submit or not name.startswith(PREFIX):
        return None
    return name.removeprefix(PREFIX), _typed(data.get("components", []))


def _typed(components: list[dict[str, Any]]) -> str:
    """Find the one text input, in a label or a row; an empty line where there is none."""
    for component in components:
        inner = component.get("component")
        below = [inner] if inner else component.get("components", [])
        found = component.get("value") or _typed(below)
        if isinstance(found, str) and found:
            return found
    return ""
