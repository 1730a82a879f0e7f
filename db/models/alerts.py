"""What somebody wants to hear of: a level of a symbol, until it is reached or taken back."""

from tortoise import fields
from tortoise.models import Model

from db.models.amounts import positive_number


class Alert(Model):
    """A price alert: armed, then fired by the print that it names, or ended for the reason `code`.

    The id is one of the engine's; `crossing` is the way to the level, `up` or `down`.
    """

    id = fields.BigIntField(primary_key=True, generated=False)
    user = fields.ForeignKeyField("models.User", on_delete=fields.RESTRICT)
    symbol = fields.CharField(max_length=40)
    price = positive_number()
    crossing = fields.CharField(max_length=4)
    after_id = fields.BigIntField()
    status = fields.CharField(max_length=5)
    code = fields.CharField(max_length=32, null=True)
    placed_at = fields.DatetimeField()
    ended_at = fields.DatetimeField(null=True)
    print_id = fields.BigIntField(null=True)
    print_price = positive_number(null=True)

    class Meta:
        table = "alerts"
        indexes = (("user_id", "placed_at"),)
