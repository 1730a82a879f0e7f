"""What passes from one chat to another: a request put aside, a code that joins two chats.

Codes and tickets are stored as hashes: who reads the table cannot use them.
"""

from tortoise import fields
from tortoise.models import Model


class ParkedRequest(Model):
    """A request put aside in a room for one person to go on with in private, once."""

    id = fields.BigIntField(primary_key=True)
    ticket_hash = fields.CharField(max_length=64)
    platform = fields.CharField(max_length=16)
    platform_user_id = fields.CharField(max_length=64)
    line = fields.CharField(max_length=4000)
    room_id = fields.CharField(max_length=64)
    expires_at = fields.DatetimeField()

    class Meta:
        table = "parked_requests"
        unique_together = (("ticket_hash",),)
        indexes = (("platform", "platform_user_id"), ("expires_at",))


class LinkCode(Model):
    """The one code of a user that joins another chat to his account, made in `channel`."""

    id = fields.BigIntField(primary_key=True)
    user = fields.ForeignKeyField("models.User", on_delete=fields.RESTRICT)
    code_hash = fields.CharField(max_length=64)
    channel = fields.CharField(max_length=100)
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    used_at = fields.DatetimeField(null=True)

    class Meta:
        table = "link_codes"
        unique_together = (("user_id",), ("code_hash",))


class LinkAttempt(Model):
    """A wrong code, by the chat that tried it."""

    id = fields.BigIntField(primary_key=True)
    platform = fields.CharField(max_length=16)
    platform_user_id = fields.CharField(max_length=64)
    tried_at = fields.DatetimeField()

    class Meta:
        table = "link_attempts"
        indexes = (("platform", "platform_user_id", "tried_at"), ("tried_at",))
