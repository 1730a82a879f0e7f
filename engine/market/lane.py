"""What one supervised connection is for: its share of the symbols, and the tapes that they feed."""

from collections.abc import Callable, Mapping
from typing import Protocol

from engine.clock import Clock
from engine.market.binance_history import BinanceHistory
from engine.market.binance_stream import StreamSession
from engine.market.ports import FeedConfig
from engine.market.reconciler import Reconciler
from engine.market.symbol_tape import SymbolTape


class Socket(Protocol):
    """An open connection as its lane sees it; `canary_id`: the canary's last id on it, or -1."""

    session: StreamSession
    reconciler: Reconciler
    canary_id: int
    is_open: bool

    def lag_ms(self) -> float:
        """Return how long the last print was on its way."""
        ...


class LaneContext:
    """What every lane shares: settings, clock, REST, the tapes, and whom to tell."""

    __slots__ = ("clock", "config", "garbage_frames", "history", "on_subscribed", "tapes")

    def __init__(
        self,
        config: FeedConfig,
        clock: Clock,
        history: BinanceHistory,
        tapes: Mapping[str, SymbolTape],
        on_subscribed: Callable[[set[str], bool], None],
    ) -> None:
        self.config = config
        self.clock = clock
        self.history = history
        self.tapes = tapes
        self.on_subscribed = on_subscribed
        self.garbage_frames = 0


class Lane:
    """The symbols of one connection, over all the sockets that serve it in turn."""

    def __init__(self, context: LaneContext) -> None:
        self.context = context
        self.symbols: set[str] = set()
        self.connections: list[Socket] = []
        self.host = context.config.stream_urls[0]
        self.reconnects = 0
        self.last_error = ""

    @property
    def is_connected(self) -> bool:
        """Whether a socket is open."""
        return any(connection.is_open for connection in self.connections)

    @property
    def last_frame_at(self) -> float | None:
        """Return the monotonic second of the last frame on any open socket, or None."""
        stamps = [
            connection.session.last_frame_at
            for connection in self.connections
            if connection.is_open
        ]
        return max(stamps, default=None)

    @property
    def lag_ms(self) -> float:
        """Return how late the prints come, on the socket that has them first."""
        lags = [connection.lag_ms() for connection in self.connections if connection.is_open]
        return min(lags, default=0.0)

    def wake(self) -> None:
        """Tell the sockets that the symbols have changed."""
        for connection in self.connections:
            connection.reconciler.wake()

    def doubt(self) -> None:
        """Say that prints may be missed on every symbol: no socket is left."""
        for symbol in self.symbols:
            tape = self.context.tapes.get(symbol)
            if tape is not None:
                tape.doubt()
