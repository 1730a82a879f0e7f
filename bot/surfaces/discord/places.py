"""Who speaks, and where: an interaction's person and room.

In a server `Room.id` is the server's (guild's) id and `Room.topic` the channel's or thread's: what
an admin sets, ALLOWED_CHATS and the cooldown hold for the whole server. Elsewhere `Room.id` is the
channel's. Private is only the chat with the bot itself: in a DM or group of people others read too.
"""

import discord

from bot.conversation.said import Room
from bot.front import Front, Talk

PLATFORM = "discord"
UNKNOWN = "0"

Asking = discord.Interaction[discord.Client]


def key_of(interaction: Asking) -> str:
    """Name this very event, the same in every session that Discord tells it to."""
    return f"{PLATFORM}:{interaction.id}"


def is_private(interaction: Asking) -> bool:
    """Whether only the speaker and the bot read here."""
    return interaction.guild_id is None and interaction.context.dm_channel is True


def is_foreign(interaction: Asking) -> bool:
    """Whether he uses a bot here that only he installed: five answers may follow the first."""
    return not is_private(interaction) and not interaction.is_guild_integration()


def room_of(interaction: Asking) -> Room:
    """Return the room that an interaction comes from."""
    channel_id = str(interaction.channel_id or UNKNOWN)
    if interaction.guild_id is None:
        return Room(id=channel_id, is_private=is_private(interaction))
    return Room(
        id=str(interaction.guild_id),
        is_private=False,
        topic=channel_id,
        name=_guild_name(interaction),
        is_admin=interaction.permissions.manage_guild,
    )


def talk_of(front: Front, interaction: Asking, default_locale: str) -> Talk:
    """Return the talk of whoever caused an interaction, where he did.

    Who uses Discord in neither of our languages gets the default.
    """
    user, language = interaction.user, str(interaction.locale.value)
    if not language.startswith(("en", "pt")):
        language = default_locale
    identity = front.talks.identity(PLATFORM, str(user.id), user.display_name, language)
    return front.talks.of(identity, room_of(interaction))


def may_be_public(front: Front, interaction: Asking) -> bool:
    """Whether anything may be shown to the room: not where the bot is not allowed to be."""
    return interaction.guild_id is None or front.is_allowed(str(interaction.guild_id))


def _guild_name(interaction: Asking) -> str:
    name = getattr(interaction.guild, "name", None)
    return name if isinstance(name, str) else ""
