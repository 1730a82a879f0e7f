"""How Discord says no: a status, a code, a sentence, and for a bad form the place of each error."""

from typing import Any


class Refused(Exception):
    """A request that is answered with an error body."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(f"{status} {code} {message}")
        self.status = status
        self.body: dict[str, Any] = {"message": message, "code": code}


def unauthorized() -> Refused:
    return Refused(401, 0, "401: Unauthorized")


def not_found() -> Refused:
    return Refused(404, 0, "404: Not Found")


def unknown_channel() -> Refused:
    return Refused(404, 10003, "Unknown Channel")


def unknown_guild() -> Refused:
    return Refused(404, 10004, "Unknown Guild")


def unknown_member() -> Refused:
    return Refused(404, 10007, "Unknown Member")


def unknown_message() -> Refused:
    return Refused(404, 10008, "Unknown Message")


def unknown_user() -> Refused:
    return Refused(404, 10013, "Unknown User")


def unknown_webhook() -> Refused:
    return Refused(404, 10015, "Unknown Webhook")


def unknown_interaction() -> Refused:
    return Refused(404, 10062, "Unknown interaction")


def too_large() -> Refused:
    return Refused(413, 40005, "Request entity too large")


def already_acknowledged() -> Refused:
    return Refused(400, 40060, "Interaction has already been acknowledged.")


def too_many_follow_ups() -> Refused:
    return Refused(400, 40094, "This interaction has reached the maximum number of follow ups")


def missing_access() -> Refused:
    return Refused(403, 50001, "Missing Access")


def not_the_author() -> Refused:
    return Refused(403, 50005, "Cannot edit a message authored by another user")


def empty_message() -> Refused:
    return Refused(400, 50006, "Cannot send an empty message")


def cannot_dm() -> Refused:
    return Refused(403, 50007, "Cannot send messages to this user")


def missing_permissions() -> Refused:
    return Refused(403, 50013, "Missing Permissions")


def invalid_webhook_token() -> Refused:
    return Refused(401, 50027, "Invalid Webhook Token")


def invalid_json() -> Refused:
    return Refused(400, 50109, "The request body contains invalid JSON.")


class Form:
    """Collects what is wrong in a body, each with its path, and refuses it all at once (50035)."""

    def __init__(self) -> None:
        self.found: list[tuple[tuple[str, ...], str, str]] = []

    def error(self, path: tuple[object, ...], code: str, message: str) -> None:
        """Note one error at `path`, such as `("components", 0, "label")`."""
        self.found.append((tuple(str(part) for part in path), code, message))

    def length(self, path: tuple[object, ...], value: object, low: int, high: int) -> bool:
        """Note a text that is none, or outside `low` to `high` characters (lists: items)."""
        if not isinstance(value, str | list):
            self.error(path, "BASE_TYPE_REQUIRED", "This field is required")
            return False
        if low <= len(value) <= high:
            return True
        say = f"Must be between {low} and {high} in length."
        self.error(path, "BASE_TYPE_BAD_LENGTH", say)
        return False

    def optional(self, path: tuple[object, ...], value: object, high: int, low: int = 1) -> bool:
        """Do as `length`, but let a missing value pass."""
        return value is None or self.length(path, value, low, high)

    def choice(self, path: tuple[object, ...], value: object, allowed: object) -> bool:
        """Note a value that is not among `allowed`."""
        if value in allowed:  # type: ignore[operator]
            return True
        say = f"Value must be one of {allowed!r}."
        self.error(path, "BASE_TYPE_CHOICES", say)
        return False

    def finish(self) -> None:
        """Raise Refused when anything was noted."""
        if not self.found:
            return
        refused = Refused(400, 50035, "Invalid Form Body")
        errors: dict[str, Any] = {}
        for path, code, message in self.found:
            place = errors
            for part in path:
                place = place.setdefault(part, {})
            place.setdefault("_errors", []).append({"code": code, "message": message})
        refused.body["errors"] = errors
        raise refused
