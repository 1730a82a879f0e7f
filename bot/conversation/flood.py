"""A token bucket: how fast somebody may ask. Pure; its caller tells the time."""

from dataclasses import dataclass

BURST = 12.0
PER_SECOND = 2.0


@dataclass
class Bucket:
    """What is left. `burst` at most; `per_second` flows in."""

    burst: float = BURST
    per_second: float = PER_SECOND
    left: float = BURST
    at: float = 0.0

    def take(self, now: float) -> bool:
        """Take one; False when there is none. `now` is monotonic seconds."""
        self.left = min(self.burst, self.left + (now - self.at) * self.per_second)
        self.at = now
        if self.left < 1:
            return False
        self.left -= 1
        return True
