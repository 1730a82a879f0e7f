"""`make bench`: the live budgets, each figure beside its baseline from the same run.

Absolute figures are this machine's; ratios are what counts. Nothing fails for being slow.
"""

import argparse
import asyncio
import shutil
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from db.embedded import EmbeddedPostgres
from db.migrate import migrate
from tests.bench import alerts, book, engine, feed, relay, soak, store, wire
from tests.support.postgres import Server, reachable_folder

Figures = dict[str, float]


@dataclass(frozen=True)
class Budget:
    """One promised figure: `limit` is the most, or with `at_least` the least, it may be."""

    name: str
    limit: float
    says: str
    at_least: bool = False

    def line(self, figures: Figures) -> str:
        value = figures[self.name]
        is_met = value >= self.limit if self.at_least else value <= self.limit
        word = "at least" if self.at_least else "at most"
        return f"{'✓' if is_met else '✕'} {self.says}: {value:,.2f} ({word} {self.limit:,.2f})"


BUDGETS = (
    Budget(
        "touch_1m_to_1k_times", 1.5, "quiet print at 1,000,000 open trades, times that at 1,000"
    ),
    Budget("touch_1m_to_bare_times", 4, "the same, times the bare loop"),
    Budget(
        "scan_per_second_to_book_times",
        80,
        "firing tape: a scan a second, times the book",
        at_least=True,
    ),
    Budget("open_close_times", 4, "open and close at 1,000,000, times that at 1,000"),
    Budget("bytes_in_index", 100, "bytes per open trade in the index"),
    Budget("bytes_per_trade", 400, "bytes per open trade in the whole engine"),
    Budget("close_alone_over_grouped", 10, "close alone, times close in a group", at_least=True),
    Budget("burst_1000_durable_ms", 250, "1,000 simultaneous triggers durable, ms"),
    Budget("feed_us_per_print", 20, "CPU per print from socket to sink, us"),
    Budget("engine_burst_1000_durable_ms", 250, "1,000 triggers of one print durable, ms"),
    Budget("restart_armed_seconds", 20, "restart to armed with 100,000 open trades, s"),
    Budget("restart_longest_block_ms", 100, "longest block of the loop meanwhile, ms"),
    Budget("idle_rss_mb", 150, "idle memory of the process, MB"),
    Budget("print_to_alert_p99_ms", 1_000, "print to alert handed over, p99, ms"),
    Budget("print_to_wire_p99_ms", 1_000, "print to request on the wire, p99, ms"),
    Budget("alerts_1000_over_budget_times", 1.1, "1,000 alerts told, times what the budget allows"),
    Budget("soak_rss_slope_mb_per_hour", 10, "memory of 100 live lists, MB an hour"),
    Budget("relay_print_to_wire_p99_ms", 1_000, "print to request, relay alone, p99, ms"),
    Budget("exits_1000_last_seconds", 40, "1,000 exits at once at 28 a second, the last, s"),
    Budget("exits_1000_unused_share", 0.03, "budget unused meanwhile, share"),
    Budget("fan_out_answer_p99_ms", 1_000, "/trades during 10,000 alerts, p99, ms"),
    Budget("fan_out_unused_share", 0.03, "budget unused meanwhile, share"),
    Budget("gate_turn_50k_waiters_us", 500, "one turn while 50,000 wait, us"),
    Budget("million_restart_armed_seconds", 20, "restart to armed with 1,000,000 open trades, s"),
    Budget("million_restart_longest_block_ms", 100, "longest block of the loop meanwhile, ms"),
    Budget("million_engine_burst_1000_durable_ms", 250, "1,000 triggers of one print then, ms"),
)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument(
        "rooms",
        nargs="*",
        default=[room for room in ROOMS if room not in LONG],
        help=f"of {', '.join(ROOMS)}",
    )
    chosen = parser.parse_args().rooms
    figures: Figures = {}
    for room in chosen:
        print(f"— {room}", flush=True)
        found = ROOMS[room]()
        figures |= found
        for name, value in found.items():
            print(f"  {name:<36} {value:>14,.3f}", flush=True)
    print("— budgets")
    for budget in BUDGETS:
        if budget.name in figures:
            print(f"  {budget.line(figures)}")


def _on_postgres(measure: Callable[[str], Coroutine[Any, Any, Figures]]) -> Figures:
    root = reachable_folder()
    embedded = EmbeddedPostgres(root)
    try:
        server = Server(embedded.start())
        asyncio.run(server.run("CREATE DATABASE bench"))
        dsn = server.dsn("bench")
        asyncio.run(migrate(dsn))

        async def run() -> Figures:
            return await measure(dsn)

        return asyncio.run(run())
    finally:
        embedded.stop()
        shutil.rmtree(root, ignore_errors=True)


async def _million(dsn: str) -> Figures:
    """The engine's figures with 1,000,000 open trades; takes some minutes."""
    figures = await engine.measure(dsn, 1_000_000)
    return {f"million_{name}": value for name, value in figures.items()}


ROOMS: dict[str, Callable[[], Figures]] = {
    "book": book.measure,
    "feed": feed.measure,
    "store": lambda: _on_postgres(store.measure),
    "engine": lambda: _on_postgres(engine.measure),
    "alerts": lambda: _on_postgres(alerts.measure),
    "relay": lambda: _on_postgres(relay.measure),
    "million": lambda: _on_postgres(_million),
    "wire": lambda: _on_postgres(wire.measure),
    "soak": lambda: _on_postgres(soak.measure),
}
LONG = {"million", "soak"}

if __name__ == "__main__":
    main()
