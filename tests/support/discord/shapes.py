"""The JSON that goes over the wire: users, guilds, channels, messages, interactions."""

from datetime import UTC, datetime
from typing import Any

from tests.support.discord.world import (
    ATTACH,
    DM,
    EMBED,
    EPHEMERAL,
    EXTERNAL_EMOJI,
    GUILD_TEXT,
    HISTORY,
    MEMBER,
    SEND,
    USE_COMMANDS,
    V2,
    VIEW,
    Account,
    Attachment,
    Channel,
    Guild,
    Interaction,
    Message,
    World,
    every_media,
)

JSON = dict[str, Any]
FILE_BYTES_MAX = 10 * 1024 * 1024
_GUILD_NULLS = (
    *("icon", "description", "home_header", "splash", "discovery_splash", "banner"),
    *("application_id", "afk_channel_id", "system_channel_id", "widget_channel_id"),
    *("vanity_url_code", "rules_channel_id", "safety_alerts_channel_id"),
    *("public_updates_channel_id", "max_presences", "incidents_data"),
)
_GUILD_ZEROS = (
    *("system_channel_flags", "verification_level", "default_message_notifications"),
    *("mfa_level", "explicit_content_filter", "premium_tier", "premium_subscription_count"),
    *("nsfw_level",),
)


def stamp(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()


def user(account: Account) -> JSON:
    shape = {
        "id": str(account.id),
        "username": account.name[:32],
        "global_name": None if account.is_bot else account.name,
        "discriminator": "1234" if account.is_bot else "0",
        "avatar": None,
        "public_flags": 0,
        "flags": 0,
        "primary_guild": None,
    }
    return shape | {"bot": True} if account.is_bot else shape


def me(world: World) -> JSON:
    own = {"mfa_enabled": False, "locale": "en-US", "verified": True, "email": None}
    return user(world.bot) | own


def application(world: World) -> JSON:
    return {
        "id": str(world.bot.id),
        "name": world.bot.name,
        "icon": None,
        "description": "A stand-in.",
        "type": None,
        "bot": user(world.bot),
        "bot_public": True,
        "bot_require_code_grant": False,
        "integration_types_config": {"0": {}, "1": {}},
        "verify_key": "0" * 64,
        "flags": 0,
        "flags_new": "0",
        "redirect_uris": [],
        "interactions_endpoint_url": None,
        "role_connections_verification_url": None,
        "owner": user(world.host),
        "approximate_guild_count": sum(one.has_bot for one in world.guilds.values()),
        "approximate_user_install_count": sum(one.has_installed for one in world.accounts.values()),
        "approximate_user_authorization_count": 0,
        "explicit_content_filter": 0,
        "team": None,
        "eligible_oauth2_scopes": ["bot", "applications.commands"],
    }


def member(guild: Guild, account: Account) -> JSON:
    """Return a member with his account inside, as REST gives it."""
    return {
        "user": user(account),
        "nick": None,
        "avatar": None,
        "banner": None,
        "roles": [],
        "joined_at": stamp(1_700_000_000),
        "premium_since": None,
        "communication_disabled_until": None,
        "deaf": False,
        "mute": False,
        "flags": 0,
        "pending": False,
    }


def channel(one: Channel, world: World) -> JSON:
    shape: JSON = {"id": str(one.id), "type": one.kind, "flags": 0}
    shape["last_message_id"] = str(next(reversed(one.messages))) if one.messages else None
    if one.guild is None:
        others = [user(account) for account in one.people if account is not world.bot]
        extra = {} if one.kind == DM else {"owner_id": str(one.people[0].id), "name": one.name}
        return shape | {"recipients": others} | extra
    position = list(one.guild.channels.values()).index(one)
    return shape | {
        "guild_id": str(one.guild.id),
        "name": one.name,
        "position": position,
        "parent_id": None,
        "topic": None,
        "nsfw": False,
        "rate_limit_per_user": 0,
        "permission_overwrites": _overwrites(one, world),
    }


def _overwrites(one: Channel, world: World) -> list[JSON]:
    """Return what single members may not do in a channel."""
    bot = VIEW * (not one.bot_sees) | SEND * (not one.bot_writes) | ATTACH * (not one.bot_attaches)
    denied = {account.id: SEND for account in one.closed_to} | ({world.bot.id: bot} if bot else {})
    return [
        {"id": str(account_id), "type": 1, "allow": "0", "deny": str(bits)}
        for account_id, bits in denied.items()
    ]


def guild(one: Guild) -> JSON:
    """Return a guild as REST gives it."""
    shape: JSON = dict.fromkeys(_GUILD_NULLS) | dict.fromkeys(_GUILD_ZEROS, 0)
    everyone = {
        "id": str(one.id),
        "name": "@everyone",
        "permissions": str(MEMBER),
        "position": 0,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "managed": False,
        "mentionable": False,
        "icon": None,
        "unicode_emoji": None,
        "flags": 0,
    }
    return shape | {
        "id": str(one.id),
        "name": one.name,
        "owner_id": str(one.owner_id),
        "features": [],
        "region": "deprecated",
        "afk_timeout": 300,
        "widget_enabled": False,
        "roles": [everyone],
        "max_members": 500_000,
        "max_stage_video_channel_users": 50,
        "max_video_channel_users": 25,
        "preferred_locale": one.locale,
        "premium_progress_bar_enabled": False,
        "nsfw": False,
        "emojis": [],
        "stickers": [],
    }


def guild_create(one: Guild, world: World) -> JSON:
    """Return a guild as the gateway gives it, with channels and the bot as its known member."""
    return guild(one) | {
        "joined_at": stamp(1_700_000_000),
        "large": False,
        "unavailable": False,
        "member_count": len(one.members) + 1,
        "voice_states": [],
        "members": [member(one, world.bot)],
        "channels": [channel(place, world) for place in one.channels.values()],
        "threads": [],
        "presences": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
    }


def attachment(one: Attachment, place: Channel, world: World, *, is_ephemeral: bool) -> JSON:
    url = f"{world.base_url}/attachments/{place.id}/{one.id}/{one.filename}"
    shape: JSON = {
        "id": str(one.id),
        "filename": one.filename,
        "size": len(one.content),
        "url": url,
        "proxy_url": url,
        "content_type": one.content_type,
    }
    if one.description is not None:
        shape["description"] = one.description
    if one.content_type.startswith("image/"):
        shape |= {"width": 100, "height": 100}
    return shape | {"ephemeral": True} if is_ephemeral else shape


def owners(interaction: Interaction, world: World) -> JSON:
    """Return who installed the application: `0` a guild (0 in the bot's DM), `1` a user."""
    place, account = interaction.channel, interaction.account
    found: JSON = {}
    if place.guild is not None and place.guild.has_bot:
        found["0"] = str(place.guild.id)
    elif place.guild is None and world.bot in place.people:
        found["0"] = "0"
    if account.has_installed:
        found["1"] = str(account.id)
    return found


def _origin(interaction: Interaction, world: World) -> JSON:
    kind = interaction.kind
    shape = {
        "id": str(interaction.id),
        "type": kind,
        "user": user(interaction.account),
        "authorizing_integration_owners": owners(interaction, world),
    }
    if kind == 3 and interaction.pressed is not None:
        shape["interacted_message_id"] = str(interaction.pressed.id)
    if interaction.opened_by is not None:
        shape["triggering_interaction_metadata"] = _origin(interaction.opened_by, world)
    return shape


def message(one: Message, world: World) -> JSON:
    hidden = one.is_ephemeral
    files = [attachment(file, one.channel, world, is_ephemeral=hidden) for file in one.attachments]
    if one.flags & V2:  # what a component shows is no longer listed beside it
        shown = {str(media.get("attachment_id")) for media in every_media(one.components)}
        files = [file for file in files if file["id"] not in shown]
    pinged = [world.accounts[id_] for id_ in sorted(one.pings) if id_ in world.accounts]
    shape: JSON = {
        "id": str(one.id),
        "type": 0,
        "channel_id": str(one.channel.id),
        "author": user(one.author),
        "content": one.content,
        "timestamp": stamp(one.created_at),
        "edited_timestamp": None if one.edited_at is None else stamp(one.edited_at),
        "tts": False,
        "mention_everyone": one.pings_everyone,
        "mentions": [user(account) for account in pinged],
        "mention_roles": [],
        "attachments": files,
        "embeds": one.embeds,
        "components": one.components,
        "flags": one.flags,
        "pinned": False,
    }
    if one.nonce is not None:
        shape["nonce"] = one.nonce
    if one.interaction is not None:
        shape["type"] = 20 if one.interaction.kind == 2 else 19 if one.interaction.pressed else 0
        shape["webhook_id"] = shape["application_id"] = str(world.bot.id)
        shape["interaction_metadata"] = _origin(one.interaction, world)
    return shape


def app_permissions(place: Channel) -> int:
    granted = VIEW * place.bot_sees | SEND * place.bot_writes | ATTACH * place.bot_attaches
    return granted | EMBED | HISTORY | EXTERNAL_EMOJI | USE_COMMANDS


def context(place: Channel, world: World) -> int:
    """Return 0 in a guild, 1 in the bot's DM, 2 in a private channel without the bot."""
    if place.kind == GUILD_TEXT:
        return 0
    return 1 if world.bot in place.people and place.kind == DM else 2


def interaction_create(one: Interaction, world: World) -> JSON:
    place, account = one.channel, one.account
    shape: JSON = {
        "id": str(one.id),
        "application_id": str(world.bot.id),
        "type": one.kind,
        "token": one.token,
        "version": 1,
        "data": one.data,
        "channel": channel(place, world),
        "channel_id": str(place.id),
        "app_permissions": str(app_permissions(place)),
        "locale": account.locale,
        "entitlements": [],
        "authorizing_integration_owners": owners(one, world),
        "context": context(place, world),
        "attachment_size_limit": FILE_BYTES_MAX,
    }
    if one.pressed is not None:
        shape["message"] = message(one.pressed, world)
    if place.guild is None:
        return shape | {"user": user(account)}
    permissions = str(place.guild.permissions(account))
    shape["channel"]["permissions"] = permissions
    return shape | {
        "member": member(place.guild, account) | {"permissions": permissions},
        "guild_id": str(place.guild.id),
        "guild": {"id": str(place.guild.id), "locale": place.guild.locale, "features": []},
        "guild_locale": place.guild.locale,
    }


def callback(one: Interaction, world: World) -> JSON:
    """Return what `?with_response=true` answers; a deferred answer has no message yet."""
    inner: JSON = {"id": str(one.id), "type": one.kind, "channel_id": str(one.channel.id)}
    if one.channel.guild is not None:
        inner["guild_id"] = str(one.channel.guild.id)
    if one.original is not None and one.answer_type in (4, 5, 6, 7):
        inner["response_message_id"] = str(one.original.id)
        inner["response_message_loading"] = one.original.is_loading
        inner["response_message_ephemeral"] = bool(one.original.flags & EPHEMERAL)
    if one.original is None or one.answer_type not in (4, 7):
        return {"interaction": inner}
    resource = {"type": one.answer_type, "message": message(one.original, world)}
    return {"interaction": inner, "resource": resource}
