"""What the real Bot API refuses is refused, in its own words."""

import pytest
from telegram import (
    BotCommandScopeChat,
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    ReplyKeyboardMarkup,
    ReplyParameters,
)
from telegram.error import (
    BadRequest,
    Forbidden,
    TelegramError,
)

from tests.support.telegram.entities import read_text
from tests.support.telegram.library import PNG, keys
from tests.support.telegram.pictures import picture_size
from tests.support.telegram.refusals import Refusal
from tests.support.telegram.rich import plain, read_rich

LONG = "x" * 4097
REFUSED = {
    "an unknown chat": (lambda b: b.send_message(999, "x"), "Chat not found"),
    "an unknown name": (lambda b: b.send_message("@nobody", "x"), "Chat not found"),
    "an empty text": (lambda b: b.send_message(7, " "), "Message text is empty"),
    "a long text": (lambda b: b.send_message(7, LONG), "Message is too long"),
    "a long text of wide signs": (lambda b: b.send_message(7, "🛑" * 2049), "Message is too long"),
    "a long caption": (lambda b: b.send_photo(7, PNG, LONG[:1025]), "Message caption is too long"),
    "no picture": (lambda b: b.send_photo(7, b"GIF89a"), "Image_process_failed"),
    "broken markup": (
        lambda b: b.send_message(7, "a <b>x", parse_mode="HTML"),
        "Can't parse entities: can't find end tag corresponding to start tag \"b\"",
    ),
    "a strange tag": (
        lambda b: b.send_message(7, "é <font>", parse_mode="HTML"),
        'Can\'t parse entities: unsupported start tag "font" at byte offset 3',
    ),
    "a long payload": (
        lambda b: b.send_message(7, "x", reply_markup=keys({"a": "é" * 33})),
        "Button_data_invalid",
    ),
    "a wide row": (
        lambda b: b.send_message(7, "x", reply_markup=keys({str(n): "d" for n in range(9)})),
        "Reply markup is too long",
    ),
    "many buttons": (
        lambda b: b.send_message(7, "x", reply_markup=keys(*[{"a": "d"}] * 101)),
        "Reply markup is too long",
    ),
    "a long copy": (
        lambda b: b.send_message(
            7,
            "x",
            reply_markup=InlineKeyboardMarkup(
                [[InlineKeyboardButton("c", copy_text=CopyTextButton("x" * 257))]]
            ),
        ),
        "Button_copy_text_invalid",
    ),
    "a button that does nothing": (
        lambda b: b.send_message(7, "x", reply_markup={"inline_keyboard": [[{"text": "a"}]]}),
        "Can't parse inline keyboard button: text buttons are unallowed in the inline keyboard",
    ),
    "an unknown reply": (
        lambda b: b.send_message(7, "x", reply_parameters=ReplyParameters(99)),
        "Message to be replied not found",
    ),
    "a topic in private": (
        lambda b: b.send_message(7, "x", message_thread_id=5),
        "Message thread not found",
    ),
    "an edit of nothing": (lambda b: b.edit_message_text("x", 7, 99), "Message to edit not found"),
    "an edit of his own words": (
        lambda b: b.edit_message_text("x", 7, 1),
        "Message can't be edited",
    ),
    "a deletion of nothing": (lambda b: b.delete_message(7, 99), "Message to delete not found"),
    "an unknown query": (
        lambda b: b.answer_callback_query("1"),
        "Query is too old and response timeout expired or query id is invalid",
    ),
    "a strange reaction": (lambda b: b.set_message_reaction(7, 1, "🍆"), "Reaction_invalid"),
    "a strange action": (
        lambda b: b.send_chat_action(7, "dance"),
        "Wrong parameter action in request",
    ),
    "no chat": (lambda b: b.send_message("", "x"), "Chat_id is empty"),
    "a text instead of an object": (
        lambda b: b.send_message(7, "x", api_kwargs={"reply_markup": "{"}),
        "Can't parse reply markup json object",
    ),
    "a keyboard without keys": (
        lambda b: b.send_message(7, "x", reply_markup={"keyboard": [[]]}),
        "Reply keyboard is empty",
    ),
    "an edit into a keyboard": (
        lambda b: b.edit_message_text("x", 7, 1, reply_markup={"keyboard": [["a"]]}),
        "Message can't be edited",
    ),
    "no markup at all": (
        lambda b: b.send_message(7, "x", reply_markup={"menu": 1}),
        "Reply markup is of unknown type",
    ),
    "a huge keyboard": (
        lambda b: b.send_message(7, "x", reply_markup=keys(*[{"a" * 99: "d"}] * 90)),
        "Reply markup is too long",
    ),
    "a local link": (
        lambda b: b.send_message(
            7, "x", reply_markup=InlineKeyboardMarkup([[InlineKeyboardButton("c", url="a.b/c")]])
        ),
        "Inline keyboard button url 'a.b/c' is invalid: unsupported url protocol",
    ),
    "a strange color": (
        lambda b: b.send_message(
            7,
            "x",
            reply_markup=InlineKeyboardMarkup(
                [[InlineKeyboardButton("c", callback_data="d", style="pink")]]
            ),
        ),
        "Can't parse inline keyboard button: invalid button style specified",
    ),
    "Markdown of another kind": (
        lambda b: b.send_message(7, "x", parse_mode="BBCode"),
        "Unsupported parse_mode",
    ),
    "a picture by a strange id": (
        lambda b: b.send_photo(7, "AgAC"),
        "Wrong file identifier/http url specified",
    ),
    "an empty file": (lambda b: b.send_document(7, b""), "File must be non-empty"),
    "a picture like a thread": (
        lambda b: b.send_photo(7, PNG[:16] + bytes([0, 0, 9, 0, 0, 0, 0, 1]) + PNG[24:]),
        "Photo_invalid_dimensions",
    ),
    "no reaction to nothing": (
        lambda b: b.set_message_reaction(7, 99, "👍"),
        "Message to react not found",
    ),
    "two reactions": (
        lambda b: b.set_message_reaction(7, 1, ["👍", "👎"]),
        "Reactions_too_many",
    ),
    "a member of nowhere": (lambda b: b.get_chat_member(7, 55), "Participant_id_invalid"),
    "administrators of one": (
        lambda b: b.get_chat_administrators(7),
        "There are no administrators in the private chat",
    ),
    "leaving a person": (
        lambda b: b.leave_chat(7),
        "Chat member status can't be changed in private chats",
    ),
    "a long name": (lambda b: b.set_my_name("x" * 65), "Bot information is too long"),
    "a silent command": (
        lambda b: b.set_my_commands([("buy", "")]),
        "Bot_command_description_invalid",
    ),
    "many commands": (lambda b: b.set_my_commands([("a", "b")] * 101), "Bot_commands_too_much"),
    "a menu for a stranger": (
        lambda b: b.set_my_commands([("a", "b")], scope=BotCommandScopeChat(999)),
        "Chat not found",
    ),
    "a menu for no chat": (
        lambda b: b.set_my_commands([("a", "b")], scope=BotCommandScopeChat(0)),
        "Chat not found",
    ),
    "a loud command": (lambda b: b.set_my_commands([("Buy", "x")]), "Bot_command_invalid"),
    "a long locale": (
        lambda b: b.set_my_commands([("buy", "x")], language_code="pt-br"),
        "Invalid language code specified",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
async def test_what_the_real_one_refuses_is_refused(bot, ana, what):
    act, reason = REFUSED[what]
    with pytest.raises(BadRequest) as refused:
        await act(bot)
    assert refused.value.message.casefold() == reason.casefold()
    assert ana.last() is None


async def test_an_edit_that_changes_nothing_is_refused_and_one_without_buttons_takes_them(bot, ana):
    sent = await bot.send_message(7, "<b>x</b>", parse_mode="HTML", reply_markup=keys({"a": "d"}))
    with pytest.raises(BadRequest, match="exactly the same as a current content"):
        await sent.edit_text("<b>x</b>", parse_mode="HTML", reply_markup=keys({"a": "d"}))
    await sent.edit_text("x", reply_markup=keys({"a": "d"}))
    await sent.edit_text("x")
    assert [shown.labels for shown in ana.last().history] == [["a"], ["a"], []]
    with pytest.raises(BadRequest, match="not modified"):
        await sent.edit_reply_markup()
    with pytest.raises(BadRequest, match="no caption in the message to edit"):
        await sent.edit_caption("y")
    await sent.delete()
    assert ana.last() is None


async def test_who_never_pressed_start_or_has_blocked_the_bot_is_not_written_to(server, bot, ana):
    bob = server.user(8, "Bob")
    group = server.group(-100, "Desk", ana, bob)
    await ana.adds_bot(group)
    with pytest.raises(Forbidden, match="bot can't initiate conversation with a user"):
        await bot.send_message(8, "x")
    await ana.blocks()
    for act in (bot.send_message(7, "x"), bot.send_chat_action(7, "typing")):
        with pytest.raises(Forbidden, match="bot was blocked by the user"):
            await act
    await ana.unblocks()
    await bot.send_message(7, "back")
    assert (await ana.next()).text == "back"


async def test_a_message_with_a_reply_keyboard_cannot_be_edited(bot, ana):
    sent = await bot.send_message(7, "menu", reply_markup=ReplyKeyboardMarkup([["Trades"]]))
    with pytest.raises(BadRequest, match="Message can't be edited"):
        await sent.edit_text("other")


MARKUP = {
    "a &lt;b&gt; &amp; &quot;c&quot; &euro;": ('a <b> & "c" &euro;', []),
    "🛑 <b>x <i>y</i></b>": ("🛑 x y", [("bold", 3, 3), ("italic", 5, 1)]),
    "<B>x</B> > y": ("x > y", [("bold", 0, 1)]),
    "<pre><code class='language-py'>x</code></pre>": ("x", [("pre", 0, 1)]),
    "<a href='https://a.example/?b&amp;c'>x</a>": ("x", [("text_link", 0, 1)]),
    "<a href='nowhere'>x</a><b></b>": ("x", []),
    "<tg-spoiler>x</tg-spoiler><span class='tg-spoiler'>y</span>": (
        "xy",
        [("spoiler", 0, 1), ("spoiler", 1, 1)],
    ),
    "<blockquote expandable>x</blockquote>": ("x", [("expandable_blockquote", 0, 1)]),
    " <b> x </b> ": ("x", [("bold", 0, 1)]),
    "/buy@vigilante_bot $BTC #win @ana_b": (
        "/buy@vigilante_bot $BTC #win @ana_b",
        [("bot_command", 0, 18), ("cashtag", 19, 4), ("hashtag", 24, 4), ("mention", 29, 6)],
    ),
    "#47 R$500": ("#47 R$500", []),
}
BROKEN = {
    "<i>a</b>": 'Unmatched end tag at byte offset 4, expected "</i>", found "</b>"',
    "é</b>": "Unexpected end tag at byte offset 2",
    "<b": "Unclosed start tag at byte offset 0",
    "<b x='1": "Unclosed start tag at byte offset 0",
    "<b>x</b  ": "Unclosed end tag at byte offset 4",
    "1 < 2": 'Unsupported start tag "" at byte offset 2',
    "<i =x>": 'Empty attribute name in the tag "i" at byte offset 0',
    "<span>x</span>": 'Tag "span" must have class "tg-spoiler" at byte offset 0',
}


@pytest.mark.parametrize("html", MARKUP)
def test_markup_becomes_text_with_entities(html):
    text, entities = MARKUP[html]
    read = read_text(html, "HTML", None)
    assert read.plain == text
    assert [(item["type"], item["offset"], item["length"]) for item in read.entities] == entities
    assert read_text(read.html, "HTML", None) == read


@pytest.mark.parametrize("html", BROKEN)
def test_broken_markup_is_refused_with_its_place(html):
    with pytest.raises(Refusal) as refused:
        read_text(html, "HTML", None)
    assert refused.value.description == f"Bad Request: can't parse entities: {BROKEN[html]}"


RICH = {
    "<h1>A <i>b</i></h1><hr/><footer>c</footer>": "A b\n—\nc",
    "<ol><li>a</li><li><p>b</p></li></ol><ul><li>c</li></ul>": "1. a\n2. b\n• c",
    "<details open><summary>More</summary><p>a<br>b</p></details>": "More\na\nb",
    "<blockquote>q</blockquote><pre>x  y</pre>": "q\nx  y",
    "<table striped><caption>T</caption><tr><td colspan=2>a</td></tr><tr><td></td><td>b</td></tr>"
    "</table>": "T\na\n  b",
    "see <a href='https://a.example/'>this</a> &amp; <code>that</code>": "see this & that",
}


@pytest.mark.parametrize("html", RICH)
def test_rich_markup_is_read_line_by_line(html):
    assert plain(read_rich({"html": html})) == RICH[html]


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({}, "rich message must be specified as HTML"),
        ({"html": "<p>x</p>" * 501}, "message is too long"),
        ({"html": f"<p>{'x' * 32_769}</p>"}, "message is too long"),
        (
            {"html": f"<table><tr>{'<td>x</td>' * 21}</tr></table>"},
            "can't parse entities: Too many columns in the table",
        ),
        ({"html": "<p><tr>x</tr></p>"}, 'can\'t parse entities: Unexpected tag "tr" in a text'),
        (
            {"html": "<script>"},
            'can\'t parse entities: Unsupported start tag "script" at byte offset 0',
        ),
    ],
)
def test_a_rich_message_out_of_bounds_is_refused(given, reason):
    with pytest.raises(Refusal) as refused:
        read_rich(given)
    assert refused.value.description == f"Bad Request: {reason}"


def test_the_size_of_a_jpeg_is_read_from_its_header():
    frame = bytes.fromhex("ffd8ffe000040000ffc0000b080003000401011100")
    assert picture_size(frame + bytes(8)) == (4, 3)
    with pytest.raises(Refusal, match="IMAGE_PROCESS_FAILED"):
        picture_size(frame[:8])
    with pytest.raises(Refusal, match="too big for a photo"):
        picture_size(bytes(10_485_761))


async def test_a_rich_message_is_read_as_blocks_or_not_known_at_all(server, bot, ana):
    html = "<h2>Open</h2><table><tr><th>#47</th><td align='right'>+2.51</td></tr></table>live"
    told = {"chat_id": 7, "rich_message": {"html": html}}
    sent = await bot.do_api_request("sendRichMessage", api_kwargs=told)
    seen = await ana.next()
    assert (seen.is_rich, seen.text) == (True, "Open\n#47  +2.51\nlive")
    edited = {"rich_message": {"html": "<p>x</p>"}}
    await bot.edit_message_text("x", 7, sent["message_id"], api_kwargs=edited)
    with pytest.raises(BadRequest, match="not modified"):
        await bot.edit_message_text("x", 7, sent["message_id"], api_kwargs=edited)
    assert seen.text == "x"
    for broken in ("<table><b>x</b></table>", "<details>x</details>", "<p>x", ""):
        with pytest.raises(BadRequest):
            await bot.do_api_request(
                "sendRichMessage", api_kwargs={"chat_id": 7, "rich_message": {"html": broken}}
            )
    server.world.knows_rich = False
    with pytest.raises(TelegramError, match="'sendRichMessage' not found"):
        await bot.do_api_request("sendRichMessage", api_kwargs=told)
