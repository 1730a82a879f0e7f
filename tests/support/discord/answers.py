"""Answers to interactions: the callback within 3 s, and the webhook of its token for 15 minutes."""

from typing import Any

from tests.support.discord import refusals, shapes
from tests.support.discord.command_rules import check_choices
from tests.support.discord.components import Rules
from tests.support.discord.messages import Messages
from tests.support.discord.refusals import Form
from tests.support.discord.traffic import Request
from tests.support.discord.world import Interaction, Message, World

JSON = dict[str, Any]
COMMAND, PRESS, COMPLETION, SUBMISSION = 2, 3, 4, 5
MESSAGE, DEFER, DEFER_UPDATE, UPDATE, CHOICES, MODAL = 4, 5, 6, 7, 8, 9
FOLLOW_UPS_MAX = 5


class Answers:
    """What a bot may do with an interaction."""

    def __init__(self, world: World, messages: Messages) -> None:
        self._world = world
        self._messages = messages

    def callback(self, request: Request) -> JSON | None:
        """Take the first answer. Refuses a second (40060), a late and an unknown one (10062)."""
        one = self._world.interactions.get(request.match["token"])
        if one is None or str(one.id) != request.match["interaction_id"]:
            raise refusals.unknown_interaction()
        if one.acknowledged_at is not None:
            raise refusals.already_acknowledged()
        if self._world.now() - one.created_at > self._world.ack_seconds:
            raise refusals.unknown_interaction()
        body = request.form
        kind = body.get("type")
        form = Form()
        form.choice(("type",), kind, _allowed(one))
        form.finish()
        self._take(one, request, int(kind or 0), body.get("data") or {})
        one.answer_type = int(kind or 0)
        one.acknowledged_at = self._world.now()
        self._world.touch()
        if request.query.get("with_response", "false").lower() not in ("true", "1"):
            return None
        return shapes.callback(one, self._world)

    def _take(self, one: Interaction, request: Request, kind: int, data: JSON) -> None:
        if kind == CHOICES:
            _check_completion(one, data)
            one.choices = data["choices"]
        elif kind == MODAL:
            form = Form()
            Rules(form, set()).modal(data)
            form.finish()
            one.modal = data
        elif kind == MESSAGE:
            one.original = self._messages.create(request, data, one.channel, one)
            one.shown.append(one.original)
        elif kind == DEFER:
            one.original = self._messages.think(one, int(data.get("flags") or 0))
        else:
            one.original = one.pressed
            if kind == UPDATE and one.pressed is not None:
                self._messages.edit(one.pressed, request, data)
                one.shown.append(one.pressed)

    def follow_up(self, request: Request) -> JSON | None:
        """Make a further message; the first after a deferral takes the place of "thinking..."."""
        one = self._of_token(request)
        if one.acknowledged_at is None:
            raise refusals.unknown_webhook()
        first = one.original
        if first is not None and first.is_loading and not first.is_deleted:
            self._messages.edit(first, request, request.form)
            message = first
        else:
            if self._is_foreign(one) and len(one.follow_ups) >= FOLLOW_UPS_MAX:
                raise refusals.too_many_follow_ups()
            message = self._messages.create(request, request.form, one.channel, one)
            one.follow_ups.append(message)
        one.shown.append(message)
        self._world.touch()
        return shapes.message(message, self._world)

    def read(self, request: Request) -> JSON:
        return shapes.message(self._message(request)[1], self._world)

    def edit(self, request: Request) -> JSON:
        one, message = self._message(request)
        self._messages.edit(message, request, request.form)
        one.shown.append(message)
        self._world.touch()
        return shapes.message(message, self._world)

    def delete(self, request: Request) -> None:
        self._messages.delete(self._message(request)[1])

    def _of_token(self, request: Request) -> Interaction:
        one = self._world.interactions.get(request.match["token"])
        if one is None or request.match["webhook_id"] != str(self._world.bot.id):
            raise refusals.unknown_webhook()
        if self._world.now() - one.created_at > self._world.token_seconds:
            raise refusals.invalid_webhook_token()
        return one

    def _message(self, request: Request) -> tuple[Interaction, Message]:
        one = self._of_token(request)
        wanted = request.match["message_id"]
        reachable = [*one.follow_ups, *([one.original] if one.original else [])]
        for message in reachable:
            if wanted == str(message.id) or (wanted == "@original" and message is one.original):
                if message.is_deleted:
                    break
                return one, message
        raise refusals.unknown_message()

    def _is_foreign(self, one: Interaction) -> bool:
        """Tell whether the bot itself is not where the interaction came from."""
        place = one.channel
        if place.guild is not None:
            return not place.guild.has_bot
        return self._world.bot not in place.people


def _allowed(one: Interaction) -> tuple[int, ...]:
    if one.kind == COMPLETION:
        return (CHOICES,)
    allowed = [MESSAGE, DEFER]
    if one.pressed is not None:
        allowed += [DEFER_UPDATE, UPDATE]
    return (*allowed, MODAL) if one.kind != SUBMISSION else tuple(allowed)


def _check_completion(one: Interaction, data: JSON) -> None:
    form = Form()
    if form.length(("data", "choices"), data.get("choices"), 0, 25):
        kind = focused(one.data.get("options", []))["type"]
        check_choices(form, ("data", "choices"), data["choices"], kind)
    form.finish()


def focused(options: list[JSON]) -> JSON:
    """Return the option that is being typed, wherever it is nested."""
    for option in options:
        if option.get("focused"):
            return option
        inner = focused(option.get("options", []))
        if inner:
            return inner
    return {}
