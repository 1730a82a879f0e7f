"""What the stand-in does wrong on purpose. Each field can be set at any time, from outside too."""

from dataclasses import dataclass, field
from random import Random


@dataclass(slots=True)
class Faults:
    """Faults that are on. Rates are chances per print, `_next` counts how often, 0 is off."""

    # per print, by chance
    skip_rate: float = 0.0
    duplicate_rate: float = 0.0
    swap_rate: float = 0.0
    late_rate: float = 0.0
    garbage_rate: float = 0.0
    late_ms: int = 300
    # per print, exactly
    skip_next: dict[str, int] = field(default_factory=dict)
    muted: set[str] = field(default_factory=set)
    halted: set[str] = field(default_factory=set)
    is_stalled: bool = False
    # connections
    refuse_status: int = 0
    refuse_retry_after: int = 0
    close_on_accept: int = 0
    connection_life_seconds: float = 0.0
    # control messages
    reject_sub_next: int = 0
    no_ack_next: int = 0
    ack_only_next: int = 0
    late_ack_ms: int = 0
    uses_old_errors: bool = False
    # REST
    rest_status: int = 0
    rest_retry_after: int = 0
    rest_slow_ms: int = 0
    rest_lag_ms: int = 0
    rest_short_rows: int = 0
    void_ids: set[int] = field(default_factory=set)
    uses_microseconds: bool = False

    def heal(self) -> None:
        """Switch everything off."""
        fresh = Faults()
        for name in self.__slots__:
            setattr(self, name, getattr(fresh, name))

    def take(self, name: str) -> bool:
        """Use up one of a `_next` counter; return whether there was one."""
        left = getattr(self, name)
        if left:
            setattr(self, name, left - 1)
        return bool(left)

    def choose(self, rng: Random) -> str:
        """Draw what happens to one print: the name of a fault, or `send`."""
        drawn = rng.random()
        for name in ("skip", "duplicate", "swap", "late", "garbage"):
            drawn -= getattr(self, f"{name}_rate")
            if drawn < 0:
                return name
        return "send"


GARBAGE = (
    "",
    "{",
    "null",
    "[1,2,3]",
    "\x00\x01",
    '{"stream":"x","data":5}',
    '{"stream":"btcusdt@aggTrade","data":{"e":"aggTrade","s":"BTCUSDT","a":"x","p":1,"T":null}}',
    '{"stream":"btcusdt@trade","data":{"e":"trade","s":"BTCUSDT","t":1,"p":"1","T":1}}',
    '{"stream":"btcusdt@bookTicker","data":{"u":1,"s":"BTCUSDT","b":"1","B":"1","a":"2","A":"1"}}',
    '{"code":2,"msg":"Invalid request","id":null}',
    '{"error":{"code":2,"msg":"Invalid request"},"id":999999}',
    '{"result":null,"id":424242}',
    '{"e":"somethingNew","E":1}',
)
