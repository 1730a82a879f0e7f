"""What is to be told: one notice per effect and user, one delivery per notice and channel."""

from typing import Any

from tortoise import fields
from tortoise.models import Model


class Notice(Model):
    """One thing to tell a user. `payload` is the effect as JSON; `code` its tag.

    `is_addressed`: its deliveries to the chats that are told unasked are made out.
    """

    id = fields.BigIntField(primary_key=True)
    user = fields.ForeignKeyField("models.User", on_delete=fields.RESTRICT)
    code = fields.CharField(max_length=32)
    trade_id = fields.BigIntField(null=True)
    effect_number = fields.IntField(null=True)
    order_id = fields.BigIntField(null=True)
    account_id = fields.BigIntField(null=True)
    alert_id = fields.BigIntField(null=True)
    payload: fields.JSONField[Any] = fields.JSONField()
    decided_at = fields.DatetimeField()
    late_since = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField()
    is_addressed = fields.BooleanField(db_default=False)

    class Meta:
        table = "notices"
        indexes = (("user_id", "id"), ("created_at",))


class Delivery(Model):
    """One sending of a notice on one channel: pending until delivered or dead with a reason.

    `priority`: 0 for an exit, 2 for other news of one's own, 4 for what is told to everybody.
    """

    id = fields.BigIntField(primary_key=True)
    notice = fields.ForeignKeyField("models.Notice", on_delete=fields.CASCADE)
    user_id = fields.BigIntField()
    channel = fields.CharField(max_length=100)
    status = fields.CharField(max_length=9)
    attempts = fields.IntField(db_default=0)
    next_attempt_at = fields.DatetimeField()
    reason = fields.CharField(max_length=500, null=True)
    ended_at = fields.DatetimeField(null=True)
    priority = fields.SmallIntField(db_default=2)

    class Meta:
        table = "deliveries"
        unique_together = (("notice_id", "channel"),)
