"""A person at a terminal: a prompt, completion, alerts above it, and a list that stays fresh."""

import asyncio
import io
import os
import pty
import select
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.data_structures import Size
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output.vt100 import Vt100_Output

from bot.grammar.requests import Balance, ByNumber, Close, CloseMany, ListTrades
from bot.grammar.words import taught
from bot.surfaces.terminal import TerminalChat
from bot.surfaces.terminal.chat import ChatParts
from bot.surfaces.terminal.screen import ScreenConsole
from bot.surfaces.terminal.teaching import Teaching
from tests.bot.terminal.stand_in import StandInDoor
from tests.bot.views.samples import CATALOG, STOPPED_USDT

PROJECT = Path(__file__).parents[3]
CTRL_C, CTRL_D, ENTER, TAB = "\x03", "\x04", "\r", "\t"


class Terminal:
    """A chat at a terminal of 24 rows, whose keys and screen are in hand."""

    def __init__(self, keys, door, folder):
        self.keys = keys
        self.door = door
        self.folder = folder
        self.screen = io.StringIO()
        self.output = Vt100_Output(self.screen, lambda: Size(rows=24, columns=80), term="xterm")

    async def chat(self):
        teaching = Teaching(taught("en"), self.folder / "deep" / "history")
        console = ScreenConsole(teaching, self.keys, self.output)
        parts = ChatParts(self.door, console, CATALOG, "test", self.folder)
        await TerminalChat(parts).run()

    def type(self, text):
        self.keys.send_text(text)

    async def until(self, text, count=1, seconds=5.0):
        deadline = time.monotonic() + seconds
        while self.screen.getvalue().count(text) < count:
            assert time.monotonic() < deadline, self.screen.getvalue()
            await asyncio.sleep(0.01)

    async def finish(self, chat):
        await asyncio.wait_for(chat, 8)
        return self.screen.getvalue()


@pytest.fixture
def terminal(tmp_path):
    with create_pipe_input() as keys:
        it = Terminal(keys, StandInDoor(), tmp_path)
        with create_app_session(input=keys, output=it.output):
            yield it


async def test_a_line_is_answered_with_its_first_line_bold_and_remembered(terminal):
    chat = asyncio.create_task(terminal.chat())
    await terminal.until("Welcome back")
    terminal.type("/buy btc 500" + ENTER)
    await terminal.until("BTC long #47")
    terminal.type(CTRL_D)
    text = await terminal.finish(chat)
    assert "\x1b[0;1m✅ BTC long #47" in text
    history = terminal.folder / "deep" / "history"
    assert "+/buy btc 500" in history.read_text()
    assert history.stat().st_mode & 0o777 == 0o600


async def test_a_disk_that_is_gone_costs_the_remembered_lines_only(terminal):
    chat = asyncio.create_task(terminal.chat())
    await terminal.until("Welcome back")
    shutil.rmtree(terminal.folder / "deep")
    terminal.type("/buy btc 500" + ENTER)
    await terminal.until("BTC long #47")
    terminal.type(CTRL_D)
    assert "Exception" not in await terminal.finish(chat)


async def test_an_alert_comes_at_once_above_the_prompt(terminal):
    chat = asyncio.create_task(terminal.chat())
    await terminal.until("Welcome back")
    terminal.type("/pri")
    await asyncio.sleep(0.05)
    terminal.door.alerts.put_nowait(STOPPED_USDT)
    await terminal.until("🛑 BTC stop")
    terminal.type("ce btc" + ENTER)
    await terminal.until("BTC 61,480.00 USDT")
    terminal.type("/quit" + ENTER)
    await terminal.finish(chat)


async def test_the_list_of_trades_is_refreshed_until_the_next_key(terminal):
    chat = asyncio.create_task(terminal.chat())
    await terminal.until("Welcome back")
    terminal.type("/trades" + ENTER)
    await terminal.until("2 open")
    looks = terminal.door.asked.count(ListTrades())
    await asyncio.sleep(1.3)
    assert terminal.door.asked.count(ListTrades()) == looks + 1
    terminal.type("x")
    await asyncio.sleep(1.3)
    assert terminal.door.asked.count(ListTrades()) <= looks + 2
    terminal.type(" 47" + ENTER)
    await terminal.until("🛑 BTC stop")
    assert terminal.door.asked[-1] == Close(ByNumber(47))
    terminal.type(CTRL_D)
    await terminal.finish(chat)


async def test_ctrl_c_first_leaves_the_question_then_the_chat(terminal):
    chat = asyncio.create_task(terminal.chat())
    await terminal.until("Welcome back")
    terminal.type("/close all" + ENTER)
    await terminal.until("yes or no?")
    terminal.type(CTRL_C)
    await terminal.until("Nothing was done")
    terminal.type(CTRL_C)
    await terminal.finish(chat)
    assert not any(isinstance(request, CloseMany) for request in terminal.door.asked)


async def test_ctrl_c_clears_what_is_typed_before_it_leaves(terminal):
    chat = asyncio.create_task(terminal.chat())
    await terminal.until("Welcome back")
    terminal.type("/close all")
    await asyncio.sleep(0.05)
    terminal.type(CTRL_C)
    await asyncio.sleep(0.05)
    terminal.type("/buy btc 500" + ENTER)
    await terminal.until("BTC long #47")
    terminal.type(CTRL_C)
    await terminal.finish(chat)
    assert not any(isinstance(request, Close | CloseMany) for request in terminal.door.asked)


async def test_tab_completes_a_command(terminal):
    chat = asyncio.create_task(terminal.chat())
    await terminal.until("Welcome back")
    terminal.type("/bal" + TAB)
    await terminal.until("ance", count=2)  # the greeting has a balance too
    terminal.type(ENTER + CTRL_D)
    await terminal.finish(chat)
    assert Balance() in terminal.door.asked


SCRIPT = """
import sys
from bot.surfaces.terminal.console import open_console
from bot.surfaces.terminal.teaching import Teaching
assert "prompt_toolkit" not in sys.modules
"""


def test_the_terminal_s_library_is_loaded_only_for_a_terminal():
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], check=False, capture_output=True, cwd=PROJECT
    )
    assert done.returncode == 0, done.stderr.decode()


CHAT = """
import asyncio, sys
from pathlib import Path
from bot.surfaces.terminal import TerminalChat, open_console
from bot.surfaces.terminal.chat import ChatParts
from bot.surfaces.terminal.teaching import Teaching
from tests.bot.terminal.stand_in import StandInDoor
from tests.bot.views.samples import CATALOG

async def main():
    async with open_console(sys.stdin.isatty(), Teaching()) as console:
        parts = ChatParts(StandInDoor(), console, CATALOG, "x", Path("."))
        await TerminalChat(parts).run()

asyncio.run(main())
"""


def test_a_real_terminal_is_left_clean():
    main, side = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-c", CHAT],
        cwd=PROJECT,
        stdin=side,
        stdout=side,
        stderr=side,
        env={**os.environ, "TERM": "xterm", "PROMPT_TOOLKIT_NO_CPR": "1"},
    ) as process:
        os.close(side)
        try:
            seen = read_until(main, "No open trades")
            os.write(main, b"/price btc\r")
            told = read_until(main, "84 ms ago")
            # Between two prompts the terminal would eat the key; the next may have come already.
            seen += read_until(main, ">", told.partition("84 ms ago")[2])
            os.write(main, b"\x04")
            assert process.wait(60) == 0, seen
        finally:
            process.kill()
    os.close(main)
    assert "Traceback" not in seen


def read_until(descriptor, text, seen=""):
    while text not in seen:
        assert select.select([descriptor], [], [], 60.0)[0], seen
        seen += os.read(descriptor, 65_536).decode("utf-8", "replace")
    return seen


def test_a_process_whose_reader_goes_away_exits_quietly():
    with subprocess.Popen(
        [sys.executable, "-c", CHAT],
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        process.stdout.readline()
        process.stdout.close()
        process.stdin.write(b"/price btc\n" * 50)
        process.stdin.flush()
        try:
            assert process.wait(10) == 0
        finally:
            process.kill()
        assert process.stderr.read() == b""
