"""How the Bot API says no: status, description, and parameters a bot acts on."""

from typing import Any


class Refusal(Exception):
    """One refused call; `description` is the real one, with its prefix."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def body(self) -> dict[str, Any]:
        """Return the JSON that goes over the wire."""
        told: dict[str, Any] = {
            "ok": False,
            "error_code": self.code,
            "description": self.description,
        }
        return told | {"parameters": self.parameters} if self.parameters else told


def bad(reason: str, **parameters: int) -> Refusal:
    """Return a 400."""
    return Refusal(400, f"Bad Request: {reason}", **parameters)


def forbidden(reason: str) -> Refusal:
    """Return a 403."""
    return Refusal(403, f"Forbidden: {reason}")


def too_many(seconds: int) -> Refusal:
    """Return a 429 that asks for a pause of whole seconds."""
    return Refusal(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)


UNAUTHORIZED = (401, "Unauthorized")
NOT_FOUND = (404, "Not Found")
CONFLICT = (
    409,
    (
        "Conflict: terminated by other getUpdates request;"
        " make sure that only one bot instance is running"
    ),
)
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same"
    " as a current content and reply markup of the message"
)
QUERY_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
