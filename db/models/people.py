"""Users, the chats they come from, and their accounts."""

from tortoise import fields
from tortoise.models import Model

from db.models.amounts import money_amount


class User(Model):
    """One person. The id is a pseudonym by itself: all that names him is in `chat_identities`."""

    id = fields.BigIntField(primary_key=True)
    locale = fields.CharField(max_length=16)
    zone = fields.CharField(max_length=64)
    created_at = fields.DatetimeField()
    last_trade_number = fields.IntField(db_default=0)
    deleted_at = fields.DatetimeField(null=True)

    class Meta:
        table = "users"


class ChatIdentity(Model):
    """A user as a chat platform knows him."""

    id = fields.BigIntField(primary_key=True)
    platform = fields.CharField(max_length=16)
    platform_user_id = fields.CharField(max_length=64)
    user = fields.ForeignKeyField("models.User", on_delete=fields.RESTRICT)
    created_at = fields.DatetimeField()

    class Meta:
        table = "chat_identities"
        unique_together = (("platform", "platform_user_id"),)
        indexes = (("user_id",),)


class Account(Model):
    """Simulated money. One is open per user; a reset closes it and opens the next."""

    id = fields.BigIntField(primary_key=True)
    user = fields.ForeignKeyField("models.User", on_delete=fields.RESTRICT)
    currency = fields.CharField(max_length=16)
    starting_balance = money_amount()
    balance = money_amount()
    opened_at = fields.DatetimeField()
    closed_at = fields.DatetimeField(null=True)

    class Meta:
        table = "accounts"
