"""Every call on record: when it came, what it said, what it was answered, and when."""

from dataclasses import dataclass, field
from typing import Any

from tests.support.telegram.forms import Upload


@dataclass(eq=False, slots=True)
class Call:
    """One request on the wire. Times are monotonic seconds; `status` 0: no answer went out.

    `params` has JSON-encoded fields decoded; `result` is what was answered when `status` is 200,
    `description` why not. `problems`: where request or result does not fit the specification.
    """

    method: str
    at: float
    bot: str = ""
    params: dict[str, Any] = field(default_factory=dict)
    files: dict[str, Upload] = field(default_factory=dict)
    status: int = 0
    result: Any = None
    description: str = ""
    answered_at: float = 0.0
    problems: list[str] = field(default_factory=list)

    @property
    def chat_id(self) -> int:
        """The chat it is about, 0 when it is about none."""
        given = str(self.params.get("chat_id", "0"))
        return int(given) if given.lstrip("-").isdigit() else 0

    @property
    def text(self) -> str:
        """Text or caption as the bot wrote it."""
        return str(self.params.get("text") or self.params.get("caption") or "")
