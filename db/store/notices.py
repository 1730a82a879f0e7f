"""The notice beside an effect: one row per effect and user, in the effect's own statement.

The payload is the effect itself as JSON, so that whoever tells it needs no other table.
"""

import msgspec

from db.queries.records import Broadcast
from engine.core.effects import Effect
from engine.ports import Decided

_encoder = msgspec.json.Encoder()
_effects: msgspec.json.Decoder[Effect | Broadcast] = msgspec.json.Decoder(Effect | Broadcast)


def payload(effect: Effect) -> str:
    """Return an effect as the JSON that `read_payload` understands."""
    return _encoder.encode(effect).decode()


def read_payload(text: str | bytes) -> Effect | Broadcast:
    """Return what a notice tells of. Raises msgspec.ValidationError."""
    return _effects.decode(text)


def json_text(value: object) -> str:
    """Return any plain value or Struct as JSON, numbers of money as text."""
    return _encoder.encode(value).decode()


def told_of(decided: Decided) -> tuple[str, int, int | None]:
    """Return the columns that every notice has: payload, time of decision, late since."""
    return payload(decided.effect), decided.decided_at_ms, decided.late_since_ms
