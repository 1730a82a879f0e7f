"""What the monitor asks of a source of prices, live or replayed."""

from typing import Protocol

from engine.core.events import Place
from engine.market.ports import Anchor, FeedStatus


class PriceFeed(Protocol):
    """Prints of the wanted symbols, each once and in id order, handed to a sink."""

    async def run(self) -> None:
        """Keep the prices coming until canceled; never raises for the network's reasons."""
        ...

    def want(self, symbol: str, anchor: Anchor | None = None) -> None:
        """Watch a symbol: after the anchor's print, or from the first live one on."""
        ...

    def unwant(self, symbol: str) -> None:
        """Stop watching a symbol."""
        ...

    def wanted(self) -> set[str]:
        """Return the symbols that are watched."""
        ...

    async def wait_ready(self, symbol: str, seconds: float) -> bool:
        """Wait until a symbol has a price and a place on the tape, at most `seconds`."""
        ...

    def place(self, symbol: str) -> Place | None:
        """Return what is known of a symbol now; None when it has never spoken."""
        ...

    def release(self, symbol: str) -> None:
        """Offer again the prints that the sink could not take."""
        ...

    def watch_quiet(self, symbol: str, after_id: int, until_ms: int) -> None:
        """Prove that no print came until `until_ms`, and tell the sink."""
        ...

    def status(self) -> FeedStatus:
        """Return the facts for `/status` and `doctor`."""
        ...
