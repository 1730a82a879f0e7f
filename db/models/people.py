"""Users, the chats they come from, what they keep, and their accounts."""

from tortoise import fields
from tortoise.fields import Now
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
    confirm = fields.CharField(max_length=7, db_default="buttons")
    card_money = fields.CharField(max_length=6, db_default="hidden")
    theme = fields.CharField(max_length=5, db_default="dark")

    class Meta:
        table = "users"


class ChatIdentity(Model):
    """A user as a chat platform knows him, on this account since `joined_at`.

    `name`: what he was called when he last spoke, made harmless; empty when nobody knows.
    `gone_reason`: why it cannot be written to. `former_user`: whose chat it was before it was
    linked to another account, and will be again when that ends.
    """

    id = fields.BigIntField(primary_key=True)
    platform = fields.CharField(max_length=16)
    platform_user_id = fields.CharField(max_length=64)
    user = fields.ForeignKeyField("models.User", on_delete=fields.RESTRICT)
    created_at = fields.DatetimeField()
    is_told = fields.BooleanField(db_default=True)
    gone_reason = fields.CharField(max_length=200, null=True)
    gone_at = fields.DatetimeField(null=True)
    name = fields.CharField(max_length=32, db_default="")
    joined_at = fields.DatetimeField(db_default=Now())
    former_user = fields.ForeignKeyField(
        "models.User", on_delete=fields.RESTRICT, null=True, related_name="former_chats"
    )

    class Meta:
        table = "chat_identities"
        unique_together = (("platform", "platform_user_id"),)
        indexes = (("user_id",), ("former_user_id",))


class Plan(Model):
    """A saved plan, its parts as they were typed. At most 20 per user."""

    id = fields.BigIntField(primary_key=True)
    user = fields.ForeignKeyField("models.User", on_delete=fields.RESTRICT)
    name = fields.CharField(max_length=24)
    size = fields.CharField(max_length=40, null=True)
    stop = fields.CharField(max_length=40, null=True)
    target = fields.CharField(max_length=40, null=True)

    class Meta:
        table = "plans"
        unique_together = (("user_id", "name"),)


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
