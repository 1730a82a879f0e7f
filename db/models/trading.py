"""Trades with their fills and orders, the ledger, and the keys that make a retry harmless."""

from typing import Any

from tortoise import fields
from tortoise.models import Model

from db.models.amounts import base_quantity, money_amount, positive_number


class Trade(Model):
    """One round trip; the id is that of the order that opened it. Money in account currency."""

    id = fields.BigIntField(primary_key=True, generated=False)
    user = fields.ForeignKeyField("models.User", on_delete=fields.RESTRICT)
    account = fields.ForeignKeyField("models.Account", on_delete=fields.RESTRICT)
    number = fields.IntField()
    symbol = fields.CharField(max_length=40)
    direction = fields.CharField(max_length=5)
    status = fields.CharField(max_length=6)
    revision = fields.IntField()
    after_id = fields.BigIntField()
    opened_at = fields.DatetimeField()
    closed_at = fields.DatetimeField(null=True)
    quantity = base_quantity()
    entry_quantity = base_quantity()
    entry_price = positive_number()
    entry_notional = money_amount()
    reserved = money_amount()
    entry_fee = money_amount()
    fee_rate = base_quantity()
    rate = positive_number()
    route: fields.JSONField[Any] = fields.JSONField()
    liquidation_price = positive_number(null=True)
    stop_price = positive_number(null=True)
    initial_stop_price = positive_number(null=True)
    targets: fields.JSONField[Any] = fields.JSONField()
    realized_pnl = money_amount(db_default=0)
    exit_reason = fields.CharField(max_length=16, null=True)

    class Meta:
        table = "trades"
        unique_together = (("user_id", "number"),)
        indexes = (("user_id", "closed_at"), ("account_id",))


class Fill(Model):
    """One execution with the print that justifies it; `effect_number` is the trade's revision."""

    id = fields.BigIntField(primary_key=True)
    trade = fields.ForeignKeyField("models.Trade", on_delete=fields.RESTRICT)
    effect_number = fields.IntField()
    user_id = fields.BigIntField()
    kind = fields.CharField(max_length=5)
    reason = fields.CharField(max_length=16, null=True)
    quantity = base_quantity()
    price = positive_number()
    rate = positive_number()
    amount = money_amount()
    fee = money_amount()
    pnl = money_amount()
    released = money_amount()
    forgiven = money_amount()
    trigger_price = positive_number(null=True)
    target_number = fields.IntField(null=True)
    print_id = fields.BigIntField()
    print_price = positive_number()
    print_time = fields.DatetimeField()
    booked_at = fields.DatetimeField()
    balance_after = money_amount()

    class Meta:
        table = "fills"
        unique_together = (("trade_id", "effect_number"),)
        indexes = (("user_id", "booked_at"),)


class LedgerRow(Model):
    """What moved an account's balance. Append-only: start + sum(amount) = balance, always."""

    id = fields.BigIntField(primary_key=True)
    account = fields.ForeignKeyField("models.Account", on_delete=fields.RESTRICT)
    user_id = fields.BigIntField()
    trade_id = fields.BigIntField()
    effect_number = fields.IntField()
    kind = fields.CharField(max_length=5)
    amount = money_amount()
    booked_at = fields.DatetimeField()

    class Meta:
        table = "ledger"
        unique_together = (("trade_id", "effect_number", "kind"),)
        indexes = (("account_id",),)


class Order(Model):
    """An accepted instruction: it waits, is filled, fails or is canceled. `body`: as decided."""

    id = fields.BigIntField(primary_key=True, generated=False)
    user = fields.ForeignKeyField("models.User", on_delete=fields.RESTRICT)
    account = fields.ForeignKeyField("models.Account", on_delete=fields.RESTRICT)
    symbol = fields.CharField(max_length=40)
    kind = fields.CharField(max_length=5)
    trade_id = fields.BigIntField(null=True)
    body: fields.JSONField[Any] = fields.JSONField()
    status = fields.CharField(max_length=8)
    code = fields.CharField(max_length=32, null=True)
    facts: fields.JSONField[Any] = fields.JSONField(db_default={})
    placed_at = fields.DatetimeField()
    ended_at = fields.DatetimeField(null=True)

    class Meta:
        table = "orders"
        indexes = (("user_id", "placed_at"),)


class CommandKey(Model):
    """The first use of an idempotency key: what it was for and what came of it."""

    id = fields.BigIntField(primary_key=True)
    user = fields.ForeignKeyField("models.User", on_delete=fields.RESTRICT)
    key = fields.CharField(max_length=200)
    kind = fields.CharField(max_length=16)
    subject_id = fields.BigIntField()
    effect_number = fields.IntField(db_default=0)
    result_id = fields.BigIntField()
    created_at = fields.DatetimeField()

    class Meta:
        table = "command_keys"
        unique_together = (("user_id", "key"),)
        indexes = (("created_at",),)
