"""Pictures are drawn elsewhere: the process that asks neither loads what draws nor waits for it."""

import asyncio
import os
import signal
import subprocess
import sys
from contextlib import asynccontextmanager
from io import BytesIO
from pathlib import Path

import pytest

from bot.charts.easel import PictureFailed
from bot.charts.jobs import FAILURE, HEAD, PICTURE, Job, framed, packed, unpacked
from bot.charts.painter import serve
from bot.charts.studio import QUEUE_MAX, PictureStudio, StudioLimits
from bot.text import Words, load_catalog
from tests.bot.charts.sitters import HOSTILE, card, chart

PROJECT = Path(__file__).parents[3]
WORDS = Words(load_catalog(), "en")

# A painter for tests: reads jobs, and answers with what `answer` says.
STAND_IN = """
import os, sys, time
def painted(answer):
    while True:
        head = sys.stdin.buffer.read(4)
        if len(head) < 4:
            return
        job = sys.stdin.buffer.read(int.from_bytes(head, "big"))
        body = b"P" + answer(job)
        sys.stdout.buffer.write(len(body).to_bytes(4, "big") + body)
        sys.stdout.buffer.flush()
"""


def stand_in(answer):
    return (sys.executable, "-c", f"{STAND_IN}\npainted(lambda job: {answer})")


@asynccontextmanager
async def studio(*command, **limits):
    opened = PictureStudio(StudioLimits(**limits), *([command] if command else []))
    try:
        yield opened
    finally:
        await opened.close()
        assert opened.pid is None


async def comes_true(is_so):
    """Wait up to 10 s for something that comes by itself."""
    for _ in range(1_000):
        if is_so():
            return True
        await asyncio.sleep(0.01)
    return False


async def test_a_picture_comes_from_another_process():
    async with studio() as room:
        assert room.pid is None
        for view in (chart(), card(name=HOSTILE)):
            assert (await room.paint(view, WORDS)).startswith(b"\x89PNG")
        assert room.pid not in (None, os.getpid())


async def test_the_same_picture_asked_for_twice_is_drawn_once():
    async with studio(*stand_in("os.urandom(8)"), shared_seconds=60) as room:
        first, second = await asyncio.gather(*(room.paint(chart(), WORDS) for _ in range(2)))
        third = await room.paint(chart(), WORDS)
        assert first == second == third
        assert await room.paint(chart(), Words(load_catalog(), "pt-BR")) != first
        assert await room.paint(card(), WORDS) != first


async def test_a_picture_is_drawn_anew_after_a_while():
    async with studio(*stand_in("os.urandom(8)"), shared_seconds=0) as room:
        first = await room.paint(chart(), WORDS)
        await asyncio.sleep(0.01)
        assert await room.paint(chart(), WORDS) != first


async def test_only_a_few_pictures_are_kept():
    async with studio(*stand_in("b'x'"), shared_seconds=60) as room:
        for count in range(30):
            await room.paint(chart(count + 1), WORDS)
        assert len(room._known) < 12


async def test_a_painter_that_was_killed_is_replaced():
    async with studio(*stand_in("b'x'"), shared_seconds=0) as room:
        await room.paint(chart(), WORDS)
        first = room.pid or 0
        os.kill(first, signal.SIGKILL)
        assert await room.paint(card(), WORDS) == b"x"
        assert room.pid not in (None, first)


async def test_a_job_that_kills_its_painter_fails_after_two_tries(caplog):
    async with studio(*stand_in("os._exit(3)")) as room:
        with pytest.raises(PictureFailed):
            await room.paint(chart(), WORDS)
        assert room.pid is None
    assert "a new one tries again" in caplog.text


async def test_a_slow_drawing_is_given_up_and_its_painter_ended():
    async with studio(*stand_in("time.sleep(60)"), job_seconds=0.3) as room:
        with pytest.raises(TimeoutError):
            await room.paint(chart(), WORDS)
        assert await comes_true(lambda: room.pid is None)


async def test_what_nobody_waits_for_any_more_is_not_drawn(tmp_path):
    tally = tmp_path / "drawn"
    answer = f"(time.sleep(0.5), open({str(tally)!r}, 'ab').write(b'.'), b'x')[2]"
    async with studio(*stand_in(answer)) as room:
        first = asyncio.create_task(room.paint(chart(), WORDS))
        assert await comes_true(lambda: room.pid is not None)
        second = asyncio.create_task(room.paint(card(), WORDS))
        await asyncio.sleep(0)
        second.cancel()
        assert await first == b"x"
        assert await room.paint(chart(3), WORDS) == b"x"
    assert tally.read_bytes() == b".."


async def test_the_queue_is_bounded():
    async with studio(*stand_in("time.sleep(60)"), job_seconds=1) as room:
        asked = [asyncio.create_task(room.paint(card(), WORDS))]
        assert await comes_true(lambda: room.pid is not None)
        asked += [asyncio.create_task(room.paint(chart(n + 1), WORDS)) for n in range(QUEUE_MAX)]
        await asyncio.sleep(0)
        with pytest.raises(TimeoutError, match="too many"):
            await room.paint(chart(50), WORDS)
        answers = await asyncio.gather(*asked, return_exceptions=True)
        assert {type(answer) for answer in answers} == {TimeoutError}


async def test_an_idle_painter_goes_and_comes_back():
    async with studio(*stand_in("os.urandom(8)"), idle_seconds=0.1, shared_seconds=0) as room:
        await room.paint(chart(), WORDS)
        assert await comes_true(lambda: room.pid is None and not room._known)
        assert await room.paint(chart(), WORDS)


async def test_where_no_painter_can_run_there_is_an_error():
    async with studio("/nowhere/python") as room:
        with pytest.raises(OSError, match="nowhere"):
            await room.paint(chart(), WORDS)


async def test_a_painter_that_speaks_nonsense_is_a_defect_told_as_an_error(caplog):
    command = (
        sys.executable,
        "-c",
        r"import sys, time; print('\xff' * 99, flush=True); time.sleep(9)",
    )
    async with studio(*command) as room:
        for view in (chart(), card()):
            with pytest.raises(PictureFailed):
                await room.paint(view, WORDS)
    assert "a picture met a defect" in caplog.text


async def test_closing_ends_who_waits_and_what_comes_later():
    room = PictureStudio(command=stand_in("time.sleep(60)"))
    waiting = asyncio.create_task(room.paint(chart(), WORDS))
    assert await comes_true(lambda: room.pid is not None)
    await room.close()
    with pytest.raises(PictureFailed):
        await waiting
    with pytest.raises(PictureFailed):
        await room.paint(chart(), WORDS)
    await room.close()


async def test_the_painter_knows_no_secret(monkeypatch):
    monkeypatch.setenv("TELEGRAM_TOKEN", "123:secret")
    monkeypatch.setenv("DATABASE_URL", "postgres://secret")
    async with studio(*stand_in("repr(dict(os.environ)).encode()")) as room:
        known = await room.paint(chart(), WORDS)
    assert b"PYTHONPATH" in known
    assert b"secret" not in known


def test_a_job_survives_its_way():
    for view in (chart(), card(name=HOSTILE)):
        job = Job(view, "pt-BR")
        assert unpacked(packed(job)) == job


def test_the_painter_answers_every_job_and_ends_with_its_input(tmp_path):
    jobs = BytesIO(
        b"".join(
            [
                framed(packed(Job(chart(), "en"))),
                framed(b"nonsense"),
                framed(packed(Job(card(), "xx"))),
            ]
        )
    )
    pictures = BytesIO()
    serve(jobs, pictures)
    answers, body = [], pictures.getvalue()
    while body:
        (length,) = HEAD.unpack(body[:4])
        answers.append(body[4 : 4 + length])
        body = body[4 + length :]
    assert [answer[:1] for answer in answers] == [PICTURE, FAILURE, FAILURE]
    assert answers[0][1:].startswith(b"\x89PNG")
    assert b"Traceback" in answers[1]


async def test_a_job_that_cannot_be_drawn_is_logged_and_told(caplog):
    async with studio() as room:
        with pytest.raises(PictureFailed, match="not drawn"):
            await room.paint(chart(zone="Nowhere/Else"), WORDS)
        assert await room.paint(card(), WORDS)
    assert "Nowhere/Else" in caplog.text


MAIN = """
import asyncio, sys
from bot.charts.studio import PictureStudio
from bot.text import Words, load_catalog
import bot.candles, bot.use_cases.charting, bot.use_cases.practicing
from tests.bot.charts.sitters import card, chart

def resident():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))

async def main():
    room, words = PictureStudio(), Words(load_catalog(), "en")
    before = resident()
    for view in (chart(), card(), chart(120, "15m")):
        await room.paint(view, words)
    await room.close()
    heavy = {"matplotlib", "numpy", "PIL"} & sys.modules.keys()
    print(sorted(heavy), resident() - before)

asyncio.run(main())
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads /proc")
def test_the_process_that_asks_stays_small():
    done = subprocess.run(
        [sys.executable, "-c", MAIN],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    heavy, grown = done.stdout.rsplit(" ", 1)
    assert heavy == "[]"
    assert int(grown) < 5_000  # kB
