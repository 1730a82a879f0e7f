"""Hostile texts, and a judge for each platform: what of a request links, mentions or misleads.

The judges know nothing of how we escape. They read a request as the platform would.
"""

import re
import unicodedata
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

from tests.support.discord.traffic import Request
from tests.support.telegram.calls import Call

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
TEXTS = (
    "<b>Bo</b><a href='https://evil.example'>x</a><tg-spoiler>",
    "</b></pre><i>out",
    "@everyone @here <@1> <@!1> <@&1> <#1> </reset:1>",
    "@evil_bot me@evil.example",
    "https://evil.example t.me/evil tg://user?id=1 evil.com",
    "t.me/evil?start=1",
    "192.168.0.1 http://10.0.0.1:80/",
    "+15550100999 +1 (555) 010-0999",
    "[click](https://evil.example) **bold** __u__ ~~s~~ ||sp||",
    "`code` ```ansi fence```",
    "&lt;b&gt; &amp; &#60;i&#62; &quot; &nbsp;",
    "\u202eevil\u202c\u2066x\u2069\u200f\u200e\u061cBo",
    "a\u200bb\u200cc\u2060d\ufeffe\u00adf\u180eg\U000e0041",
    "one\ntwo\r\nERROR forged\u2028three\u2029four\x0b\x85\x00\x1b[31m",
    "Z" + "\u0310\u0489\u20dd" * 200 + "o",
    FAMILY * 40,
    "x" * 10_000,
    "# head\n> quote\n- item\n-# small\n1. one",
    "/reset /delete_me@vigilante_bot",
    "#tag $BTC",
    "{ $name } { evil() } %s %(x)s {0}",
    "discord.gg/evil <t:0:R> <:evil:1> <a:evil:1> :smile: <id:guide>",
    "mailto:a@evil.example tel:+123 \\<@1\\> \\",
)

_BOTH = re.compile(r"t\.me/vigilante_bot\?start=[\w-]*|discord\.com/\S*")
_JOINERS = {"\u2060", "\u200d"}
_PILE_MAX = 8
_RICH = {"b", "p", "br", "table", "tr", "th", "td", "footer"}
_PLAIN = {"b", "pre", "code"}
# What Telegram's server makes a link of by itself, beyond what the stand-in knows.
_FOUND = re.compile(
    r"""[^\W_][\w-]*\.[^\W\d_]{2,}  # a domain
    | (?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])  # an address
    | ://
    | (?<![\d.,])\+\d[\d ()-]{7,}  # a telephone
    """,
    re.VERBOSE,
)
_FOREIGN_COMMANDS = {"/reset", "/delete_me", "/admin", "/evil", "/out"}
# What acts in Discord's text, once what is escaped has been taken out.
_ACTING = re.compile(
    r"""[*~|`\[] | <(?=[@#:&/A-Za-z]) | (?<![A-Za-z0-9])_ | _(?![A-Za-z0-9])
    | @(?:everyone|here|&?\d)
    | (?:https?|discord|mailto|tel|sms): | discord\.(?:gg|com)
    | ^\s*(?:\#{1,3}(?:\s|$) | -\s | -\# | -$ | > | \d+\.(?:\s|$))
    | :[\w+-]{3,}:
    """,
    re.VERBOSE | re.IGNORECASE | re.MULTILINE,
)


def unseen(text: str, *, is_line: bool = False) -> list[str]:
    """Return the characters that hide, turn or break what is read."""
    found = []
    for at, sign in enumerate(text):
        if sign == "\n" and not is_line:
            continue
        if unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp"):
            between = text[at - 1 : at] + text[at + 1 : at + 2]
            is_emoji = sign == "\u200d" and not between.isascii()
            found += [] if sign == "\u2060" or is_emoji else [repr(sign)]
    return found


def is_piled(text: str) -> bool:
    """Tell whether letters carry so many marks that they reach into other lines."""
    signs = "".join("x" if unicodedata.category(one).startswith("M") else "." for one in text)
    return "x" * _PILE_MAX in signs


def strings(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """Return every string in a body, with the name of its field."""
    if isinstance(value, str):
        yield key, value
    elif isinstance(value, dict):
        for name, one in value.items():
            yield from strings(one, name)
    elif isinstance(value, list):
        for one in value:
            yield from strings(one, key)


class _Tags(HTMLParser):
    """The tags of an HTML text, with all their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, list[Any]]] = []
        self.plain = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[Any]) -> None:
        self.found.append((tag, attrs))

    def handle_data(self, data: str) -> None:
        self.plain += data


def telegram_faults(call: Call) -> list[str]:
    """Return what is wrong with a call that sends or edits something."""
    found = [] if call.status == 200 else [f"refused: {call.description}"]
    is_html = call.params.get("parse_mode") == "HTML" or "media" in call.params
    for key, text in strings(call.params):
        if key in ("callback_data", "chat_id", "message_id"):
            continue
        found += [f"unseen {one} in {key}" for one in unseen(text, is_line=key == "filename")]
        if key in ("text", "caption", "html"):
            is_label = not (is_html or key == "html") or text not in _bodies(call)
            found += (
                _read_as_label(text) if is_label else _read_as_html(text, is_rich=key == "html")
            )
        elif key == "url" and not _BOTH.fullmatch(text.removeprefix("https://")):
            found.append(f"a foreign address: {text}")
    found += [one for entities in _entities(call.result) for one in _judged(entities, call)]
    if call.chat_id < 0 and is_piled(call.text):
        found.append("piled marks before a room")
    if "text" in call.params and call.method in ("sendMessage", "editMessageText"):
        preview = call.params.get("link_preview_options") or {}
        found += [] if preview.get("is_disabled") else ["previews are not switched off"]
    return found


def _bodies(call: Call) -> list[str]:
    """Return the texts that are read as markup; a button's text is not."""
    rich, media = call.params.get("rich_message") or {}, call.params.get("media") or {}
    return [call.text, str(rich.get("html", "")), str(media.get("caption", ""))]


def _read_as_label(text: str) -> list[str]:
    return [f"a label of two lines: {text!r}"] if "\n" in text else []


def _read_as_html(html: str, *, is_rich: bool) -> list[str]:
    tags = _Tags(html)
    ours = _RICH if is_rich else _PLAIN
    found = [f"<{tag}> is none of ours" for tag, _ in tags.found if tag not in ours]
    found += [
        f"<{tag}> has {attributes}"
        for tag, attributes in tags.found
        if attributes and not (is_rich and attributes == [("align", "right")])
    ]
    if [tag for tag, _ in tags.found].count("b") > 1:
        found.append("more than one bold line")
    found += [f"it is a link: {one[0]!r}" for one in _FOUND.finditer(tags.plain)]
    return found


def _entities(result: Any) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    if not isinstance(result, dict):
        return
    for text, entities in (("text", "entities"), ("caption", "caption_entities")):
        if entities in result:
            yield result[text], result[entities]


def _judged(shown: tuple[str, list[dict[str, Any]]], call: Call) -> Iterator[str]:
    """Judge what the server made of a text: the first line bold, blocks, and our own commands."""
    text, entities = shown
    wide = text.encode("utf-16-le")
    for one in entities:
        start, length = one["offset"] * 2, one["length"] * 2
        named = wide[start : start + length].decode("utf-16-le")
        if one["type"] == "bold":
            is_first = start == 0 and "\n" not in named
            yield from () if is_first else (f"bold where it should not be: {named!r}",)
        elif one["type"] == "bot_command":
            is_foreign = named.partition("@")[0] in _FOREIGN_COMMANDS and call.chat_id < 0
            yield from (f"a command that we did not write: {named}",) if is_foreign else ()
        elif one["type"] not in ("pre", "code"):
            yield f"{one['type']}: {named!r}"


def discord_faults(one: Request) -> list[str]:
    """Return what is wrong with a request that sends, edits or answers something."""
    body = one.body if isinstance(one.body, dict) else {}
    kind = body.get("type", 0) if one.path.endswith("callback") else 0
    shown = body.get("data") or {} if kind else body
    found = [] if one.status < 300 else [f"refused: {one.status} {one.answer}"]
    is_message = kind in (0, 4, 7) and bool({"content", "components", "embeds"} & set(shown))
    allowed = shown.get("allowed_mentions") or {}
    if is_message and (allowed.get("parse") != [] or {"users", "roles"} & set(allowed)):
        found.append(f"mentions are allowed: {allowed}")
    if shown.get("embeds"):
        found.append("an embed, of which nobody here knows")
    for key, text in strings(shown):
        if key in ("custom_id", "nonce"):
            continue
        is_line = key in ("label", "title", "placeholder", "filename", "name")
        found += [f"unseen {sign} in {key}" for sign in unseen(text, is_line=is_line)]
        if key == "content":
            found += _read_as_discord(text)
        elif key == "url" and not text.startswith("attachment://"):
            is_ours = _BOTH.fullmatch(text.removeprefix("https://"))
            found += [] if is_ours else [f"a foreign address: {text}"]
    return found


def _read_as_discord(text: str) -> list[str]:
    """Read it as a client does: blocks, then the bold first line, then what still acts."""
    rest = re.sub(r"```\n[^`]*\n```", "", text)
    rest = re.sub(r"\\[^0-9A-Za-z\s]", "\ue000", rest)
    rest = re.sub(r"(?:(?<=: )|^)`[^`\n]+`$", "", rest, flags=re.MULTILINE)
    rest = re.sub(r"\A\*\*(.+)\*\*$", r"\1", rest, count=1, flags=re.MULTILINE)
    return [f"it acts: {found[0]!r} in {text[:80]!r}" for found in _ACTING.finditer(rest)]
