"""Messages as Discord's components, within its limits."""

import pytest

from bot.conversation.presses import Press, PressKind
from bot.messages import Button, File, Form, Message, Tone
from bot.surfaces.discord.rendering import modal, rendered
from tests.bot.discord.house import PNG, button, text
from tests.support.discord.components import Rules
from tests.support.discord.refusals import Form as Checked
from tests.support.discord.world import every_component

CONTAINER, ROW, BUTTON, TEXT, GALLERY, FILE = 17, 1, 2, 10, 12, 13


def parts(message: Message, picture: bytes | None = None) -> list[dict]:
    """Return every component, after the stand-in's rules have passed them."""
    made = rendered(message, picture)
    components = made.view.to_components()
    checked = Checked()
    Rules(checked, {file.filename for file in made.files}).message(components, is_v2=True)
    checked.finish()
    return list(every_component(components))


def shown(message: Message) -> str:
    return "\n".join(one["content"] for one in parts(message) if one["type"] == TEXT)


def rows(message: Message) -> list[list[str]]:
    found = [one for one in parts(message) if one["type"] == ROW]
    return [[inner["label"] for inner in one["components"]] for one in found]


def many(count: int, width: int) -> tuple[tuple[Button, ...], ...]:
    every = [button(str(number), f"/x {number}") for number in range(count)]
    return tuple(tuple(every[at : at + width]) for at in range(0, count, width))


def test_the_first_line_alone_is_bold():
    assert shown(text("BTC long #47", "In 61,480.00")) == "**BTC long #47**\nIn 61,480.00"


def test_text_of_others_in_a_message_does_not_act():
    assert "@everyone" not in shown(text("Card of @everyone", "[x](https://evil.example)"))
    assert "https://" not in shown(text("a", "https://evil.example"))


def test_a_table_is_a_code_block_with_its_footer_below():
    message = text("3 open", "not shown", table=("#47 BTC `x`", "#48 ETH"), footer=("Equity 1",))
    assert shown(message) == "**3 open**\n```\n#47 BTC ˋxˋ\n#48 ETH\n```\nEquity 1"


def test_a_footer_stands_below_lines_too():
    assert shown(text("No open trades", "Buy one", footer=("Equity 1",))).endswith("\nEquity 1")


@pytest.mark.parametrize(
    ("tone", "color"), [(Tone.GOOD, 0x3FD0C9), (Tone.BAD, 0xF2643D), (Tone.PLAIN, None)]
)
def test_the_accent_says_how_it_went(tone, color):
    (container,) = [one for one in parts(text("x", tone=tone)) if one["type"] == CONTAINER]
    assert container.get("accent_color") == color


@pytest.mark.parametrize(("tone", "style"), [(Tone.GOOD, 3), (Tone.BAD, 4), (Tone.PLAIN, 2)])
def test_a_button_has_its_color_and_carries_its_press(tone, style):
    press = Press(kind=PressKind.ASK, line="/x 47", owner="42", nonce="abcde")
    message = text("x", rows=((Button(label="Close", press=press, tone=tone),),))
    (found,) = [one for one in parts(message) if one["type"] == BUTTON]
    assert (found["style"], found["custom_id"]) == (style, "v1:a.16.abcde:/x 47")


def test_an_address_is_a_link_and_what_is_copied_is_code():
    copied = Button(label="Code", copied="AB`12")
    link = Button(label="Open", url="https://t.me/x?start=1")
    message = text("Link", rows=((copied, link),))
    assert shown(message) == "**Link**\nCode: `ABˋ12`"
    (found,) = [one for one in parts(message) if one["type"] == BUTTON]
    assert (found["url"], found["style"]) == ("https://t.me/x?start=1", 5)


def test_what_is_copied_and_stands_in_a_line_already_is_not_told_twice():
    copied = Button(label="Copy", copied="/link AB12CD34")
    message = text("Your code", "Type:", "/link AB12CD34", "Once.", rows=((copied,),))
    assert shown(message) == "**Your code**\nType:\n`/link AB12CD34`\nOnce."


def test_rows_stay_as_they_are_while_they_fit():
    assert [len(row) for row in rows(text("x", rows=many(8, 4)))] == [4, 4]


@pytest.mark.parametrize("width", [4, 8])
def test_too_many_buttons_are_filled_up_and_the_last_is_kept(width):
    message = text("x", rows=many(40, width))
    found = rows(message)
    assert all(len(row) <= 5 for row in found)
    assert found[-1][-1] == "39"
    assert len(parts(message)) <= 40


def test_a_second_button_that_does_the_same_is_left_out():
    twice = (button("A", "/x 1"), button("B", "/x 1"))
    assert rows(text("x", rows=(twice, (button("C", "/x 1"),)))) == [["A"]]


@pytest.mark.parametrize("lines", [300, 1])
def test_a_long_text_is_cut_at_a_line(lines):
    message = text("Title", *["y" * (6000 // lines)] * lines)
    found = shown(message)
    assert len(found) <= 4000
    assert found.endswith("\n…")
    assert all(line in ("**Title**", "…", "y" * (6000 // lines)) for line in found.split("\n"))


def test_a_long_table_is_cut_and_its_block_closed():
    found = shown(text("Title", table=("z" * 28,) * 300, footer=("end",)))
    assert len(found) <= 4000
    assert found.endswith("```\n…")
    assert found.count("```") == 2


def test_one_endless_line_is_cut_too():
    assert len(shown(text("*" * 9000))) <= 4000


def test_an_empty_message_can_still_be_sent():
    assert shown(text("")) == "…"


def test_a_picture_and_a_file_come_along():
    message = text("Card", file=File(filename="all.json", content=b"{}"))
    made = rendered(message, PNG)
    assert [file.filename for file in made.files] == ["vigilante.png", "all.json"]
    kinds = [one["type"] for one in parts(message, PNG)]
    assert kinds == [CONTAINER, TEXT, GALLERY, FILE]


async def test_the_library_keeps_nothing_of_a_view():
    assert rendered(text("x", rows=many(4, 2))).view.is_finished()
    assert modal("f.", Form(title="t", label="l", placeholder="p")).is_finished()


def test_a_form_is_a_modal_within_its_limits():
    form = Form(title="T" * 60, label="L" * 60, placeholder="p" * 150)
    shape = modal("fc..:/b btc", form).to_dict()
    checked = Checked()
    Rules(checked, set()).modal(shape)
    checked.finish()
    assert shape["custom_id"] == "v1:fc..:/b btc"
    assert len(shape["title"]) == 45
