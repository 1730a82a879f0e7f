"""What the stand-in does wrong on purpose, per method: errors, cut connections, garbage, delays."""

from dataclasses import dataclass

STATUS_TEXTS = {500: "Internal Server Error", 502: "Bad Gateway", 504: "Gateway Timeout"}
GARBAGE = b"<html><head><title>502 Bad Gateway</title></head></html>"


@dataclass(slots=True)
class Fault:
    """One fault. `times` None: until healed; `chat_id` 0: any chat; `method` `*`: any method."""

    kind: str
    method: str = "*"
    times: int | None = 1
    chat_id: int = 0
    status: int = 500
    seconds: float = 0.0
    body: bytes = GARBAGE

    def fits(self, method: str, chat_id: object) -> bool:
        is_meant = self.method in ("*", method) and self.times != 0
        return is_meant and (not self.chat_id or str(chat_id) == str(self.chat_id))


class Faults:
    """Faults in the order they were set. `*` never means getUpdates, which is named when meant."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def fail(self, method: str, status: int = 500, *, times: int | None = 1) -> None:
        """Answer with a 5xx (or any status) and do nothing."""
        self._faults.append(Fault("fail", method, times, status=status))

    def drop(self, method: str, *, times: int | None = 1, after: bool = False) -> None:
        """Close the connection without an answer; `after` the effect, or before it."""
        self._faults.append(Fault("drop_after" if after else "drop", method, times))

    def garbage(self, method: str, body: bytes = GARBAGE, *, times: int | None = 1) -> None:
        """Do it, and answer 200 with what is no JSON."""
        self._faults.append(Fault("garbage", method, times, body=body))

    def delay(
        self, method: str, seconds: float, *, times: int | None = None, after: bool = False
    ) -> None:
        """Wait before the effect, or between the effect and the answer."""
        kind = "delay_after" if after else "delay"
        self._faults.append(Fault(kind, method, times, seconds=seconds))

    def add(self, fault: Fault) -> None:
        """Set any other fault."""
        self._faults.append(fault)

    def heal(self) -> None:
        """Switch everything off."""
        self._faults.clear()

    def take(self, method: str, chat_id: object) -> dict[str, Fault]:
        """Return what happens to one call, by kind: the first of each that fits."""
        found: dict[str, Fault] = {}
        for fault in self._faults:
            is_spared = method == "getUpdates" and fault.method == "*"
            if not is_spared and fault.kind not in found and fault.fits(method, chat_id):
                found[fault.kind] = fault
                if fault.times is not None:
                    fault.times -= 1
        return found
