"""A script in a pipe: line by line, echoed, answered, confirmed, and ended in order."""

import asyncio
import contextlib
import os
import time
from pathlib import Path

import pytest

from bot.grammar.requests import CloseMany, Open, Price
from bot.surfaces.terminal import TerminalChat, open_console
from bot.surfaces.terminal.chat import ChatParts
from bot.surfaces.terminal.pipe import LINE_BYTES_MAX, LineCutter
from bot.surfaces.terminal.teaching import Teaching
from bot.views import PriceView
from tests.bot.terminal.stand_in import StandInDoor
from tests.bot.views.samples import BTC, CATALOG, STOPPED_USDT


class Script:
    """A chat between two real pipes."""

    def __init__(self, door, folder):
        self.door = door
        self.folder = folder
        source, self.input = os.pipe()
        self.output, sink = os.pipe()
        os.set_blocking(self.output, False)
        self.ends = (source, sink)
        self.text = ""

    async def chat(self):
        async with open_console(False, Teaching(), self.ends) as console:
            parts = ChatParts(self.door, console, CATALOG, "test", self.folder)
            await TerminalChat(parts).run()

    def type(self, text):
        data = text if isinstance(text, bytes) else text.encode()
        while data:
            data = data[os.write(self.input, data[:4096]) :]

    def end(self):
        os.close(self.input)
        self.input = -1

    async def until(self, text, seconds=5.0):
        deadline = time.monotonic() + seconds
        while text not in self.text:
            assert time.monotonic() < deadline, self.text
            await asyncio.sleep(0.005)
            self.read()
        return self.text

    def read(self):
        with contextlib.suppress(BlockingIOError):
            self.text += os.read(self.output, 1_000_000).decode()
        return self.text

    def close(self):
        for descriptor in (self.input, *self.ends, self.output):
            with contextlib.suppress(OSError):
                os.close(descriptor)


@pytest.fixture
def run(tmp_path):
    scripts = []

    def make(**desk):
        script = Script(StandInDoor(**desk), tmp_path)
        scripts.append(script)
        return script

    yield make
    for script in scripts:
        script.close()


async def play(script, text):
    script.type(text)
    script.end()
    await asyncio.wait_for(script.chat(), 10)
    return script.read()


async def test_a_transcript_reads_as_it_was_typed(run):
    text = await play(run(), "/buy btc 500 sl2% tp4%\n\n/price btc\n")
    assert text == (
        "Welcome back, ana · balance 10,000.00 USDT\n"
        "No open trades\n"
        "\n"
        "> /buy btc 500 sl2% tp4%\n"
        "✅ BTC long #47 · 499.83 USDT\n"
        "In 61,480.00 · 0.00813 BTC · fee 0.50\n"
        "Stop 60,250.40 (−2%) → −10.99\n"
        "Target 63,939.20 (+4%) → +18.97\n"
        "Risking 0.11% of equity · 84 ms\n"
        "\n"
        "> /price btc\n"
        "BTC 61,480.00 USDT\n"
        "84 ms ago · print 17\n"
    )


@pytest.mark.parametrize(("locale", "money"), [("en", "10,000.00 USDT"), ("pt-BR", "R$ 50.000,00")])
async def test_a_newcomer_s_script_is_not_asked_for_its_money(run, locale, money):
    script = run(locale=locale, is_known=False)
    text = await play(script, "/help\n")
    assert money in text
    assert "?" not in text.splitlines()[1]


async def test_a_line_is_read_in_the_language_chosen_elsewhere_meanwhile(run):
    script = run()
    task = asyncio.create_task(script.chat())
    await script.until("Welcome")
    script.door.elsewhere = "pt-BR"
    script.type("/comprar btc 1.500\n")
    await script.until("✅")
    script.end()
    await task
    (order,) = [one for one in script.door.asked if isinstance(one, Open)]
    assert order.size is not None
    assert order.size.value == 1500


async def test_a_confirmation_takes_the_next_line(run):
    script = run()
    text = await play(script, "/close all\nsim\n")
    assert "❓ Close these 2 trades? Now ▼ −1.39 USDT" in text
    assert script.door.asked[-1] == CloseMany((47, 48))
    assert text.endswith("Balance 9,989.00\n")


async def test_remarks_are_shown_and_nothing_else(run):
    script = run()
    text = await play(script, "# the morning\n")
    assert text.endswith("> # the morning\n")
    assert len(script.door.asked) == 1


async def test_the_last_line_needs_no_newline(run):
    script = run()
    await play(script, "/buy btc 500")
    assert isinstance(script.door.asked[-1], Open)


async def test_a_waiting_order_lets_the_next_line_pass_and_is_awaited_at_the_end(run):
    script = run()
    script.type("/short btc 500\n/price btc\n")
    chat = asyncio.create_task(script.chat())
    await script.until("84 ms ago")
    assert "⌛ BTC short waits for the next print" in script.text
    script.end()
    await asyncio.sleep(0.05)
    assert not chat.done()
    script.door.fill.set()
    await asyncio.wait_for(chat, 5)
    assert "✅ BTC long #47" in script.read()


async def test_lines_are_done_as_they_arrive_and_alerts_come_between(run):
    script = run()
    chat = asyncio.create_task(script.chat())
    await script.until("Welcome back")
    script.type("/price btc\n")
    await script.until("84 ms ago")
    script.door.alerts.put_nowait(STOPPED_USDT)
    await script.until("\n\n🛑 BTC stop · −11.00 USDT (−2.20%)\n")
    script.type("/quit\n/price btc\n")
    await asyncio.wait_for(chat, 5)
    assert script.read().endswith("> /quit\n")


async def test_replies_that_follow_each_other_stand_apart():
    nothing = os.open(os.devnull, os.O_RDONLY)
    source, sink = os.pipe()
    async with open_console(False, Teaching(), (nothing, sink)) as console:
        await console.echo("/close all")
        await console.show(["#1 closed", "Balance 1"])
        await console.show(["#2 closed"])
        await console.show(["an alert"], is_alert=True)
    text = os.read(source, 1_000).decode()
    for descriptor in (nothing, source, sink):
        os.close(descriptor)
    assert text == "> /close all\n#1 closed\nBalance 1\n\n#2 closed\n\nan alert\n"


async def test_wait_lets_time_pass(run):
    script = run()
    begin = time.monotonic()
    await play(script, "/wait 200ms\n")
    assert time.monotonic() - begin >= 0.2


async def test_every_command_has_a_key_of_its_own(run):
    script = run()
    await play(script, "/buy btc 1\n/buy btc 1\n/close all\nyes\n")
    assert len(set(script.door.keys)) == len(script.door.keys)


async def test_a_reader_that_goes_away_ends_the_chat_quietly(run):
    script = run()
    chat = asyncio.create_task(script.chat())
    await script.until("Welcome back")
    os.close(script.output)
    script.output = -1
    script.type("/price btc\n/price btc\n")
    await asyncio.wait_for(chat, 5)


async def test_a_chat_that_is_canceled_leaves_nothing_behind(run):
    script = run()
    before = asyncio.all_tasks()
    chat = asyncio.create_task(script.chat())
    await script.until("Welcome back")
    chat.cancel()
    with pytest.raises(asyncio.CancelledError):
        await chat
    assert asyncio.all_tasks() <= before


async def test_hostile_lines_are_echoed_harmlessly_and_refused(run):
    script = run()
    chat = asyncio.create_task(script.chat())
    await script.until("Welcome back")
    await asyncio.to_thread(script.type, b"x" * 1_000_000 + b"\n")
    await script.until("That line has 1000000 characters")
    script.type(b"/buy btc \x1b[2J 500\n\xff\xfe\n/price btc\n")
    script.end()
    await asyncio.wait_for(chat, 5)
    text = script.read()
    assert "\x1b" not in text
    assert "(U+001B)" in text
    assert text.endswith("84 ms ago · print 17\n")
    assert not any(isinstance(request, Open) for request in script.door.asked)


async def test_a_regular_file_is_a_script_too(run, tmp_path):
    script = run()
    path = tmp_path / "commands.txt"
    path.write_text("/price btc\n/sair\n")
    os.close(script.ends[0])
    script.ends = (os.open(path, os.O_RDONLY), script.ends[1])
    await asyncio.wait_for(script.chat(), 5)
    assert script.read().endswith("> /sair\n")


async def test_an_export_is_stored_for_its_owner_alone(run, tmp_path):
    script = run()
    text = await play(script, "/export\n/export\n")
    paths = [Path(line.split(" as ")[1]) for line in text.splitlines() if " as " in line]
    assert [path.name for path in paths] == ["vigilante-ana.json", "vigilante-ana-2.json"]
    assert [path.read_bytes() for path in paths] == [b"{}", b"{}"]
    assert {path.stat().st_mode & 0o777 for path in paths} == {0o600}


async def test_an_export_that_cannot_be_stored_is_said(run, tmp_path):
    script = run()
    script.folder = tmp_path / "nowhere"
    text = await play(script, "/export\n/price btc\n")
    assert "✕ I can't write to" in text
    assert text.endswith("84 ms ago · print 17\n")


def test_lines_are_cut_wherever_the_bytes_break():
    cutter = LineCutter()
    assert cutter.feed("/preço".encode()[:-2]) == []
    assert cutter.feed("ço\r\n\nsim".encode()[0:]) != []
    assert cutter.flush() == "sim"


def test_an_endless_line_is_held_in_bounded_memory():
    cutter = LineCutter()
    for _ in range(50):
        assert cutter.feed(b"x" * 65_536) == []
    assert len(cutter.flush()) == LINE_BYTES_MAX


async def test_a_message_that_cannot_be_worded_ends_nobodys_chat(run, monkeypatch):
    from tests.bot.terminal import stand_in

    broken = PriceView(instrument=BTC, price="no number", age_ms=1, print_id=1, is_fresh=True)  # pyright: ignore[reportArgumentType]
    monkeypatch.setitem(stand_in.REPLIES, Price, broken)
    script = run()
    script.type("/price btc\n/help\n")
    script.end()
    await script.chat()
    text = script.read()
    assert "Vigilante: simulated money" in text
    assert "> /price btc\n✕ " in text
