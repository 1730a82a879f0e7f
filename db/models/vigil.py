"""What an engine needs to take over: the lease, its place on every tape, the instruments."""

from tortoise import fields
from tortoise.models import Model

from db.models.amounts import positive_number


class Lease(Model):
    """Who may write for a shard. The epoch only rises; `until` is the database's time."""

    shard = fields.IntField(primary_key=True, generated=False)
    epoch = fields.BigIntField()
    owner = fields.CharField(max_length=100, null=True)
    until = fields.DatetimeField()

    class Meta:
        table = "lease"


class Checkpoint(Model):
    """The last print of a symbol that was acted on, with its running watermark segment."""

    symbol = fields.CharField(max_length=40, primary_key=True)
    last_id = fields.BigIntField()
    price = positive_number(null=True)
    print_time = fields.DatetimeField()
    segment_after_id = fields.BigIntField()
    high = positive_number(null=True)
    low = positive_number(null=True)

    class Meta:
        table = "checkpoints"


class WatermarkSegment(Model):
    """Highest and lowest print with `after_id < id <= last_id` (RULES 7)."""

    id = fields.BigIntField(primary_key=True)
    symbol = fields.CharField(max_length=40)
    after_id = fields.BigIntField()
    last_id = fields.BigIntField()
    high = positive_number()
    low = positive_number()

    class Meta:
        table = "watermark_segments"
        unique_together = (("symbol", "after_id"),)


class Instruments(Model):
    """The venue's symbols as last seen, one row: a start without the venue knows its grains."""

    id = fields.IntField(primary_key=True, generated=False)
    body = fields.BinaryField()
    fetched_at = fields.DatetimeField()

    class Meta:
        table = "instruments"
