"""Makes and edits messages from bodies, as far as Discord lets it: limits, files, pings, nonces."""

import re
from typing import Any

from tests.support.discord import refusals, shapes
from tests.support.discord.components import Rules
from tests.support.discord.refusals import Form
from tests.support.discord.traffic import Request
from tests.support.discord.world import (
    EPHEMERAL,
    LOADING,
    SILENT,
    V2,
    Account,
    Attachment,
    Channel,
    Interaction,
    Message,
    World,
    every_component,
    every_media,
)

JSON = dict[str, Any]
CONTENT_MAX = 2000
EMBED_TEXT_MAX = 6000
SUPPRESS = 4
GUILD_MESSAGES, DIRECT_MESSAGES = 1 << 9, 1 << 12
_REQUIRED: dict[int, JSON] = {
    3: {"min_values": 1, "max_values": 1},
    11: {"description": None, "spoiler": False},
    13: {"spoiler": False},
    14: {"spacing": 1, "divider": True},
    17: {"accent_color": None, "spoiler": False},
}


class Messages:
    """The bot's messages: every way to make, change and remove one ends here."""

    def __init__(self, world: World) -> None:
        self._world = world

    def create(
        self, request: Request, body: JSON, place: Channel, interaction: Interaction | None = None
    ) -> Message:
        """Make a message. Raises Refused; a nonce seen before returns the first message."""
        world = self._world
        nonce = body.get("nonce")
        if nonce is not None and body.get("enforce_nonce") and str(nonce) in place.nonces:
            return place.nonces[str(nonce)]
        flags = int(body.get("flags") or 0) & (SUPPRESS | SILENT | V2 | EPHEMERAL)
        if interaction is None:
            flags &= ~EPHEMERAL
        message = Message(world.new_id(), place, world.bot, world.now(), flags=flags)
        if flags & EPHEMERAL and interaction is not None:
            message.seen_by = interaction.account
        message.interaction = interaction
        message.nonce = None if nonce is None else str(nonce)
        self._fill(message, request, body)
        if message.nonce is not None:
            place.nonces[message.nonce] = message
        self._show(message)
        return message

    def think(self, interaction: Interaction, flags: int) -> Message:
        """Make the "thinking..." of a deferred answer."""
        world, place = self._world, interaction.channel
        message = Message(world.new_id(), place, world.bot, world.now(), interaction=interaction)
        message.flags = LOADING | flags & EPHEMERAL
        if flags & EPHEMERAL:
            message.seen_by = interaction.account
        self._show(message)
        return message

    def edit(self, message: Message, request: Request, body: JSON) -> None:
        """Change a message. Raises Refused, and changes nothing then."""
        if message.is_deleted:
            raise refusals.unknown_message()
        was_loading = message.is_loading
        self._fill(message, request, body)
        message.edited_at = None if was_loading else self._world.now()
        message.flags &= ~LOADING
        message.note()
        self._publish("MESSAGE_UPDATE", message)

    def delete(self, message: Message) -> None:
        """Remove a message."""
        if message.is_deleted:
            raise refusals.unknown_message()
        message.is_deleted = True
        gone = {"id": str(message.id), "channel_id": str(message.channel.id)}
        self._world.publish("MESSAGE_DELETE", gone, _intent(message.channel))
        self._world.touch()

    def find(self, place: Channel, message_id: str) -> Message:
        """Return what the bot's token can reach: no ephemeral message."""
        found = place.messages.get(int(message_id)) if message_id.isdigit() else None
        if found is None or found.is_deleted or found.is_ephemeral:
            raise refusals.unknown_message()
        return found

    def say(self, account: Account, place: Channel, text: str) -> Message:
        """Let a person write."""
        message = Message(self._world.new_id(), place, account, self._world.now(), content=text)
        self._show(message)
        return message

    def _show(self, message: Message) -> None:
        message.channel.messages[message.id] = message
        message.note()
        self._publish("MESSAGE_CREATE", message)

    def _publish(self, event: str, message: Message) -> None:
        if not message.is_ephemeral:
            data = shapes.message(message, self._world)
            if message.channel.guild is not None:
                data["guild_id"] = str(message.channel.guild.id)
            self._world.publish(event, data, _intent(message.channel))
        self._world.touch()

    def _fill(self, message: Message, request: Request, body: JSON) -> None:
        form = Form()
        flags = _flags(form, message, body)
        content = body.get("content", message.content) or ""
        embeds = body.get("embeds", message.embeds) or []
        components = body.get("components", message.components) or []
        files = self._files(form, message, request, body)
        _check_legacy(form, content, embeds, is_v2=bool(flags & V2))
        _check_mentions(form, body.get("allowed_mentions"))
        form.optional(("nonce",), None if body.get("nonce") is None else str(body["nonce"]), 25)
        names = {one.filename for one in files}
        Rules(form, names).message(components, is_v2=bool(flags & V2))
        form.finish()
        if not (content or embeds or components or files):
            raise refusals.empty_message()
        message.flags = flags
        message.content, message.embeds, message.attachments = content, embeds, files
        if "components" in body:
            message.components = self._resolve(message, components)
        self._world.files |= {one.id: one for one in files}
        _ping(message, body.get("allowed_mentions"))

    def _files(
        self, form: Form, message: Message, request: Request, body: JSON
    ) -> list[Attachment]:
        uploads = {key[6:-1]: file for key, file in request.files.items()}
        if any(len(file.content) > shapes.FILE_BYTES_MAX for file in uploads.values()):
            raise refusals.too_large()
        listed = body.get("attachments")
        if listed is None:
            kept = list(message.attachments)
            listed = [{"id": key} for key in uploads]
        else:
            kept = []
        known = {str(one.id): one for one in message.attachments}
        form.length(("attachments",), listed, 0, 10)
        for index, entry in enumerate(listed):
            key = str(entry.get("id"))
            if key in uploads:
                file = uploads[key]
                name = re.sub(r"[^\w.-]", "_", entry.get("filename") or file.filename)
                made = Attachment(self._world.new_id(), name, file.content, _kind(name))
                made.description = entry.get("description")
                kept.append(made)
            elif key in known:
                kept.append(known[key])
            else:
                say = f"Attachment {key} was not found"
                form.error(("attachments", index), "ATTACHMENT_NOT_FOUND", say)
        return kept

    def _resolve(self, message: Message, components: list[JSON]) -> list[JSON]:
        """Return components as Discord answers them: with ids, defaults and resolved media."""
        made = [_copy(one) for one in components]
        every = list(every_component(made))
        taken = {one["id"] for one in every if one.get("id")}
        fresh = (number for number in range(1, 1000) if number not in taken)
        for one in every:
            one["id"] = one.get("id") or next(fresh)
            for key, value in _REQUIRED.get(one["type"], {}).items():
                one.setdefault(key, value)
            for item in one.get("items", []):
                item.setdefault("description", None)
                item.setdefault("spoiler", False)
        named = {f"attachment://{one.filename}": one for one in message.attachments}
        for media in every_media(made):
            self._resolve_media(message, media, named)
        for one in every:
            if one["type"] == 13:
                file = self._world.files.get(int(one["file"].get("attachment_id", 0)))
                one["name"] = file.filename if file else None
                one["size"] = len(file.content) if file else None
        return made

    def _resolve_media(self, message: Message, media: JSON, named: dict[str, Attachment]) -> None:
        file = named.get(media["url"])
        media["id"] = str(self._world.new_id())
        if file is None:
            by_url = {self._url(message, one): one for one in message.attachments}
            file = by_url.get(media["url"])
        if file is not None:
            self._world.files[file.id] = file
            media["url"] = self._url(message, file)
            media["attachment_id"] = str(file.id)
            media["content_type"] = file.content_type
        media["proxy_url"] = media["url"]
        media.setdefault("width", 100)
        media.setdefault("height", 100)

    def _url(self, message: Message, file: Attachment) -> str:
        place = message.channel
        return shapes.attachment(file, place, self._world, is_ephemeral=False)["url"]


def _copy(one: JSON) -> JSON:
    """Return a component without empty fields, and nothing shared with the request on record."""

    def deep(value: Any) -> Any:
        if isinstance(value, dict):
            return _copy(value)
        return [deep(inner) for inner in value] if isinstance(value, list) else value

    return {key: deep(value) for key, value in one.items() if value is not None}


def _flags(form: Form, message: Message, body: JSON) -> int:
    given = body.get("flags")
    if given is None or not message.history:
        return message.flags
    if message.flags & V2 and not given & V2:
        form.error(("flags",), "COMPONENTS_V2_CANNOT_BE_REMOVED", "The flag cannot be removed")
    return message.flags & ~SUPPRESS | given & (SUPPRESS | V2)


def _check_legacy(form: Form, content: str, embeds: list[JSON], *, is_v2: bool) -> None:
    form.length(("content",), content, 0, CONTENT_MAX)
    if is_v2:
        for key, value in (("content", content), ("embeds", embeds)):
            if value:
                say = "The field cannot be used when using MessageFlags.IS_COMPONENTS_V2"
                code = "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"
                form.error((key,), code, say)
    form.length(("embeds",), embeds, 0, 10)
    total = 0
    for index, one in enumerate(embeds):
        path = ("embeds", index)
        form.optional((*path, "title"), one.get("title"), 256, 0)
        form.optional((*path, "description"), one.get("description"), 4096, 0)
        fields = one.get("fields") or []
        form.length((*path, "fields"), fields, 0, 25)
        texts = [one.get("title"), one.get("description"), (one.get("footer") or {}).get("text")]
        for number, item in enumerate(fields):
            form.length((*path, "fields", number, "name"), item.get("name"), 1, 256)
            form.length((*path, "fields", number, "value"), item.get("value"), 1, 1024)
            texts += [item.get("name"), item.get("value")]
        total += sum(len(text) for text in texts if text)
    if total > EMBED_TEXT_MAX:
        say = f"Embed size exceeds maximum size of {EMBED_TEXT_MAX}"
        form.error(("embeds",), "MAX_EMBED_SIZE_EXCEEDED", say)


def _check_mentions(form: Form, allowed: JSON | None) -> None:
    for key in ("users", "roles"):
        if allowed and key in (allowed.get("parse") or ()) and allowed.get(key):
            say = f'parse:["{key}"] and {key}: [ids...] are mutually exclusive.'
            code = "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE"
            form.error(("allowed_mentions",), code, say)


def _ping(message: Message, allowed: JSON | None) -> None:
    """Work out who is called by the text; without `allowed_mentions`, everybody in it is."""
    parse = ("users", "everyone") if allowed is None else allowed.get("parse") or ()
    chosen = {int(id_) for id_ in (allowed or {}).get("users") or ()}
    found = {int(id_) for id_ in re.findall(r"<@!?(\d+)>", message.text)}
    message.pings = found if "users" in parse else found & chosen
    says_everyone = re.search(r"@(everyone|here)", message.text) is not None
    message.pings_everyone = says_everyone and "everyone" in parse


def _kind(filename: str) -> str:
    kinds = {"png": "image/png", "jpg": "image/jpeg", "gif": "image/gif", "webp": "image/webp"}
    kinds |= {"csv": "text/csv; charset=utf-8", "txt": "text/plain; charset=utf-8"}
    suffix = filename.rpartition(".")[2].lower()
    return kinds.get(suffix, "application/octet-stream")


def _intent(place: Channel) -> int:
    return DIRECT_MESSAGES if place.guild is None else GUILD_MESSAGES
