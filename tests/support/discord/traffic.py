"""Requests on record, the buckets they are counted in, and the faults that may befall them."""

import asyncio
import hashlib
import re
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from tests.support.discord import refusals


@dataclass
class Upload:
    """One file of a multipart body."""

    filename: str
    content: bytes
    content_type: str


@dataclass
class Request:
    """One request and its answer; `at` and `answered_at` are monotonic seconds.

    `path` is without `/api/v10`; `template` is its route; `status` 0: the connection was dropped.
    """

    at: float
    method: str
    path: str
    template: str
    match: dict[str, str]
    query: dict[str, str]
    body: Any = None
    files: dict[str, Upload] = field(default_factory=dict)
    is_authorized: bool = False
    status: int = 0
    answer: Any = None
    answered_at: float = 0.0

    @property
    def form(self) -> dict[str, Any]:
        """Return the body as an object. Raises Refused when it is none."""
        if not isinstance(self.body, dict):
            raise refusals.invalid_json()
        return self.body

    @property
    def major(self) -> str:
        """What its bucket belongs to: a channel, a guild, or an interaction's token."""
        keys = ("channel_id", "guild_id", "token")
        return "+".join(self.match[key] for key in keys if key in self.match)

    @property
    def is_of_interaction(self) -> bool:
        return self.template.startswith(("/interactions/", "/webhooks/"))


@dataclass
class Fault:
    """What happens to the next `times` requests (-1: all) whose method and path fit.

    `path`: a pattern, searched. `status`: answered instead of doing anything (429 with
    `retry_after` seconds and `scope`: user, shared, global). `drop`: the connection is cut,
    `before` or `after` the effect. `delay_seconds`: waited before all else. `html`: no JSON, as
    from a proxy.
    """

    path: str = ""
    method: str = ""
    times: int = 1
    status: int = 0
    code: int = 0
    message: str = "stand-in"
    retry_after: float = 0.0
    scope: str = "user"
    drop: str = ""
    delay_seconds: float = 0.0
    html: str = ""

    def fits(self, method: str, path: str) -> bool:
        return (
            self.times != 0
            and self.method in ("", method)
            and re.search(self.path, path) is not None
        )


@dataclass
class _Bucket:
    opened_at: float
    used: int = 0


@dataclass(frozen=True)
class Room:
    """What is left in a bucket after a request; `retry_after` > 0: there was none."""

    bucket: str
    limit: int
    remaining: int
    reset_after: float
    retry_after: float = 0.0
    is_global: bool = False

    def headers(self) -> dict[str, str]:
        """Return what every answer tells about its bucket."""
        told = {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(self.remaining),
            "X-RateLimit-Reset": f"{time.time() + self.reset_after:.3f}",
            "X-RateLimit-Reset-After": f"{self.reset_after:.3f}",
            "X-RateLimit-Bucket": self.bucket,
        }
        if self.retry_after:
            told["Retry-After"] = f"{self.retry_after:.3f}"
            told["X-RateLimit-Scope"] = "global" if self.is_global else "user"
        return told | {"X-RateLimit-Global": "true"} if self.is_global else told


class Limits:
    """Counts requests in fixed windows. All limits are off (0) until set.

    `channel`: requests per `channel_seconds`, for each method and channel; `webhook`: the same per
    interaction token; `everything`: per second over all, interactions excepted.
    """

    def __init__(self) -> None:
        self.channel = 0
        self.channel_seconds = 5.0
        self.webhook = 0
        self.webhook_seconds = 2.0
        self.everything = 0
        self._buckets: dict[str, _Bucket] = {}

    def be_real(self) -> None:
        """Set what Discord is known to do: 5 per 5 s and channel, 50/s in all."""
        self.channel, self.webhook, self.everything = 5, 5, 50

    def take(self, request: Request) -> Room:
        """Count a request and return its bucket's room."""
        name = hashlib.md5(f"{request.method} {request.template}".encode()).hexdigest()[:16]
        if self.everything and not request.is_of_interaction:
            room = self._take("global", name, self.everything, 1.0)
            if room.retry_after:
                return Room(name, room.limit, 0, room.reset_after, room.retry_after, True)
        limit, seconds = 100, 1.0
        if request.template.startswith("/channels/") and self.channel:
            limit, seconds = self.channel, self.channel_seconds
        elif request.template.startswith("/webhooks/") and self.webhook:
            limit, seconds = self.webhook, self.webhook_seconds
        else:
            return Room(name, limit, limit - 1, seconds)
        return self._take(f"{name} {request.major}", name, limit, seconds)

    def _take(self, key: str, name: str, limit: int, seconds: float) -> Room:
        now = time.monotonic()
        bucket = self._buckets.get(key)
        if bucket is None or now >= bucket.opened_at + seconds:
            bucket = self._buckets[key] = _Bucket(now)
        reset_after = bucket.opened_at + seconds - now
        if bucket.used >= limit:
            return Room(name, limit, 0, reset_after, max(0.001, reset_after))
        bucket.used += 1
        return Room(name, limit, limit - bucket.used, reset_after)


class Faults:
    """The faults that are set, first set first met; `counts` tells how often each kind was met."""

    def __init__(self) -> None:
        self.all: list[Fault] = []
        self.counts: Counter[str] = Counter()

    def on(self, path: str = "", **how: Any) -> Fault:
        """Add a fault; the keywords are the fields of `Fault`."""
        fault = Fault(path, **how)
        self.all.append(fault)
        return fault

    def heal(self) -> None:
        """Forget every fault."""
        self.all.clear()

    async def meet(self, method: str, path: str) -> Fault | None:
        """Return the fault that befalls a request, after its delay."""
        for fault in self.all:
            if fault.fits(method, path):
                fault.times -= 1
                self.counts[fault.drop or str(fault.status or "delay")] += 1
                if fault.delay_seconds:
                    await asyncio.sleep(fault.delay_seconds)
                return fault
        return None
