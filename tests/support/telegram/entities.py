"""Plain text with its entities, as a Message carries them: offsets in UTF-16 units."""

import re
from dataclasses import dataclass, field
from html import escape
from typing import Any

from tests.support.telegram.markup import Node, read_markup
from tests.support.telegram.refusals import bad

Entity = dict[str, Any]

_TYPES = {
    **dict.fromkeys(("b", "strong"), "bold"),
    **dict.fromkeys(("i", "em"), "italic"),
    **dict.fromkeys(("u", "ins"), "underline"),
    **dict.fromkeys(("s", "strike", "del"), "strikethrough"),
    **dict.fromkeys(("tg-spoiler", "span"), "spoiler"),
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
    "tg-time": "date_time",
    "a": "text_link",
}
_TAGS = {
    "bold": "b",
    "italic": "i",
    "underline": "u",
    "strikethrough": "s",
    "spoiler": "tg-spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "expandable_blockquote": "",
    "text_link": "a",
    "text_mention": "a",
}
# What a client finds by itself in plain text.
_FOUND = (
    (
        "url",
        re.compile(r"https?://[^\s<>]+|\b(?:[\w-]+\.)+(?:com|org|net|io|me|app)\b(?:/[^\s]*)?"),
    ),
    ("bot_command", re.compile(r"(?<![\w/])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?\b")),
    ("mention", re.compile(r"(?<!\w)@[A-Za-z][A-Za-z0-9_]{3,31}\b")),
    ("cashtag", re.compile(r"(?<![\w$])\$[A-Z]{1,8}\b")),
    ("hashtag", re.compile(r"(?<![\w#])#(?=\w*[^\W\d])\w+")),
)
_URL = re.compile(r"(?:https?|ftp|tg|ton|tonsite|mailto)[:].+|[\w-]+(?:\.[\w-]+)+.*", re.DOTALL)


@dataclass(slots=True)
class Text:
    """What is shown, and how."""

    plain: str = ""
    entities: list[Entity] = field(default_factory=list)

    @property
    def html(self) -> str:
        """Return it as the API's HTML (what a client found by itself is left plain)."""
        return _to_html(self)

    def __len__(self) -> int:
        return units(self.plain)


def units(text: str) -> int:
    """Return the length in UTF-16 units: what the API counts."""
    return len(text.encode("utf-16-le")) // 2


def read_text(text: str, parse_mode: str | None, entities: list[Entity] | None) -> Text:
    """Return what a message shows; raises a 400 for broken markup."""
    mode = (parse_mode or "").lower()
    if mode == "html":
        made = Text()
        _flatten(read_markup(text), made, ())
        made.entities = [item for item in made.entities if item["length"]]
    elif mode in ("markdown", "markdownv2"):
        raise NotImplementedError("the stand-in reads HTML only")
    elif mode:
        raise bad("unsupported parse_mode")
    else:
        made = Text(text, [dict(item) for item in entities or []])
    made = _trimmed(made)
    made.entities += _found(made)
    made.entities.sort(key=lambda item: (item["offset"], -item["length"]))
    return made


def _flatten(node: Node, made: Text, inside: tuple[str, ...]) -> None:
    for child in node.children:
        if isinstance(child, str):
            made.plain += child
            continue
        offset = units(made.plain)
        at = len(made.entities)
        _flatten(child, made, (*inside, child.tag))
        shown = made.plain.encode("utf-16-le")[offset * 2 :].decode("utf-16-le")
        entity = _entity(child, shown, inside)
        if entity is not None:
            place = {"offset": offset, "length": units(shown)}
            made.entities.insert(at, {"type": entity.pop("type"), **place, **entity})


def _entity(node: Node, shown: str, inside: tuple[str, ...]) -> Entity | None:
    kind, attributes = _TYPES[node.tag], node.attributes
    if node.tag == "a":
        return _link(attributes.get("href") or shown)
    if node.tag == "code" and inside[-1:] == ("pre",):
        return None
    made: Entity = {"type": kind}
    if node.tag == "blockquote" and "expandable" in attributes:
        made["type"] = "expandable_blockquote"
    inner = node.children[0] if node.tag == "pre" and len(node.children) == 1 else None
    if isinstance(inner, Node) and inner.tag == "code":
        language = inner.attributes.get("class", "").removeprefix("language-")
        made |= {"language": language} if language else {}
    if node.tag == "tg-emoji":
        made["custom_emoji_id"] = attributes.get("emoji-id", "")
    if node.tag == "tg-time":
        made["unix_time"] = int(attributes.get("unix", "0"))
    return made


def _link(url: str) -> Entity | None:
    person = re.fullmatch(r"tg://user\?id=(\d+)", url)
    if person is not None:
        user = {"id": int(person[1]), "is_bot": False, "first_name": "Somebody"}
        return {"type": "text_mention", "user": user}
    if not _URL.fullmatch(url):
        return None  # a link that leads nowhere is shown as plain text
    if "://" not in url and not url.startswith("mailto:"):
        url = f"http://{url}"
    return {"type": "text_link", "url": url if "/" in url.split("://")[-1] else f"{url}/"}


def _trimmed(made: Text) -> Text:
    plain = made.plain.replace("\r", "")
    left = units(plain) - units(plain.lstrip())
    plain = plain.strip()
    end = units(plain)
    kept = []
    for item in made.entities:
        start = max(0, item["offset"] - left)
        stop = min(end, item["offset"] + item["length"] - left)
        if stop > start:
            kept.append({**item, "offset": start, "length": stop - start})
    return Text(plain, kept)


def _found(made: Text) -> list[Entity]:
    told, taken = [], [
        (item["offset"], item["offset"] + item["length"])
        for item in made.entities
        if item["type"] in ("code", "pre", "text_link", "text_mention")
    ]  # fmt: skip
    for kind, pattern in _FOUND:
        for match in pattern.finditer(made.plain):
            start = units(made.plain[: match.start()])
            stop = start + units(match.group())
            if all(stop <= low or start >= high for low, high in taken):
                taken.append((start, stop))
                told.append({"type": kind, "offset": start, "length": stop - start})
    return told


def _to_html(text: Text) -> str:
    raw = text.plain.encode("utf-16-le")
    marks: dict[int, list[str]] = {}
    for item in sorted(text.entities, key=lambda item: (item["offset"], -item["length"])):
        if item["type"] not in _TAGS:
            continue
        tag = _TAGS[item["type"]] or "blockquote"
        closing = "</code></pre>" if "language" in item else f"</{tag}>"
        marks.setdefault(item["offset"], []).append(_opening(tag, item))
        marks.setdefault(item["offset"] + item["length"], []).insert(0, closing)
    told, at = [], 0
    for place in sorted(marks):
        told.append(escape(raw[at * 2 : place * 2].decode("utf-16-le"), quote=False))
        told += marks[place]
        at = place
    return "".join([*told, escape(raw[at * 2 :].decode("utf-16-le"), quote=False)])


def _opening(tag: str, item: Entity) -> str:
    if item["type"] == "text_link":
        return f'<a href="{escape(item["url"])}">'
    if item["type"] == "text_mention":
        return f'<a href="tg://user?id={item["user"]["id"]}">'
    if item["type"] == "expandable_blockquote":
        return "<blockquote expandable>"
    if "language" in item:
        return f'<pre><code class="language-{item["language"]}">'
    return f"<{tag}>"
