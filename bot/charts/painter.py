"""The painter's own process: jobs in at stdin, pictures out at stdout, until stdin ends.

It knows no settings, no secrets and no network, and steps aside for whatever else wants the CPU.
"""

import os
import sys
import traceback
from typing import BinaryIO

from bot.charts.card import draw_card
from bot.charts.chart import draw_chart
from bot.charts.jobs import FAILURE, HEAD, PICTURE, Job, framed, unpacked
from bot.text import Catalog, Words, load_catalog
from bot.views import ChartView

NICENESS = 10


def draw(job: Job, catalog: Catalog) -> bytes:
    """Return a job's picture as a PNG."""
    view = job.view
    words = Words(catalog, job.locale, view.zone)
    canvas = draw_chart(view, words) if isinstance(view, ChartView) else draw_card(view, words)
    return canvas.png()


def serve(jobs: BinaryIO, pictures: BinaryIO) -> None:
    """Draw what comes until nothing comes; a job that fails is answered with why."""
    catalog = load_catalog()
    while len(head := jobs.read(HEAD.size)) == HEAD.size:
        body = jobs.read(HEAD.unpack(head)[0])
        try:
            answer = PICTURE + draw(unpacked(body), catalog)
        except Exception:  # noqa: BLE001 - told to who asked, who writes it down
            answer = FAILURE + traceback.format_exc().encode()
        pictures.write(framed(answer))
        pictures.flush()


def main() -> None:
    """Serve the process that started this one."""
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    pictures = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # a stray print is no picture
    with pictures:
        serve(sys.stdin.buffer, pictures)


if __name__ == "__main__":
    main()
