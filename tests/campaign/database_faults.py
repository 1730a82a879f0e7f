"""Database faults in numbers: each many times, nothing lost or doubled, recovery times noted."""

from statistics import median

from tests.support.pg_drill import drill
from tests.support.pg_faults import FAULTS, FaultyServer


async def campaign(n: int = 20) -> dict[str, dict[str, float]]:
    """Run every fault `n` times while a writer books without pause; print and return the figures.

    Per fault: `runs`, `lost_or_doubled` (runs whose audit was not clean), and the recovery from
    the end of the fault to the second batch stored after it, in seconds.
    """
    figures: dict[str, dict[str, float]] = {}
    async with FaultyServer().running() as server:
        for name, fault in FAULTS.items():
            audits = [await drill(server, fault) for _ in range(n)]
            times = sorted(audit.recovery_seconds for audit in audits)
            figures[name] = {
                "runs": n,
                "lost_or_doubled": sum(not audit.is_clean for audit in audits),
                "recovery_seconds_median": round(median(times), 3),
                "recovery_seconds_max": round(times[-1], 3),
                "outcomes_unknown": sum(audit.outcomes_unknown for audit in audits),
            }
            print(f"{name:18} {figures[name]}", flush=True)
    return figures
