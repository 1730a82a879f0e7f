"""What belongs to the house and to no person: rooms, values, the audit, messages kept live."""

from tortoise import fields
from tortoise.models import Model


class Room(Model):
    """What holds in a group or server. `locale` null: each speaker's own."""

    id = fields.BigIntField(primary_key=True)
    platform = fields.CharField(max_length=16)
    room_id = fields.CharField(max_length=64)
    locale = fields.CharField(max_length=16, null=True)
    cooldown_seconds = fields.IntField(db_default=0)

    class Meta:
        table = "rooms"
        unique_together = (("platform", "room_id"),)


class StoredValue(Model):
    """A switch, or what a platform was told last: anything small by name."""

    name = fields.CharField(max_length=100, primary_key=True)
    value = fields.TextField()

    class Meta:
        table = "stored_values"


class HostAction(Model):
    """What a host did. Append-only; `actor` is his channel."""

    id = fields.BigIntField(primary_key=True)
    actor = fields.CharField(max_length=100)
    action = fields.CharField(max_length=40)
    detail = fields.CharField(max_length=4000)
    acted_at = fields.DatetimeField()

    class Meta:
        table = "host_actions"


class LiveMessage(Model):
    """A message that is refreshed in place until `until`, asked for with `line`."""

    id = fields.BigIntField(primary_key=True)
    platform = fields.CharField(max_length=16)
    chat_id = fields.CharField(max_length=64)
    message_id = fields.CharField(max_length=64)
    topic = fields.CharField(max_length=64)
    platform_user_id = fields.CharField(max_length=64)
    line = fields.CharField(max_length=500)
    until = fields.DatetimeField()

    class Meta:
        table = "live_messages"
        unique_together = (("platform", "chat_id", "message_id"),)
        indexes = (("platform", "platform_user_id"), ("until",))
