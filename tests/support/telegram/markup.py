"""Reads the API's HTML into a tree, strictly: allowed tags only, balanced, offsets in bytes."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import unescape
from typing import NoReturn

from tests.support.telegram.refusals import bad

PLAIN_TAGS = frozenset(
    {"a", "b", "strong", "i", "em", "s", "strike", "del", "u", "ins", "tg-spoiler", "tg-emoji"}
    | {"span", "pre", "code", "blockquote", "tg-time"}
)
RICH_TAGS = PLAIN_TAGS | {
    *("p", "h1", "h2", "h3", "h4", "h5", "h6", "table", "caption", "tr", "th", "td", "details"),
    *("summary", "footer", "hr", "br", "ul", "ol", "li", "aside", "cite", "mark", "sub", "sup"),
}
VOID_TAGS = frozenset({"hr", "br"})

_NAME = re.compile(r"[^\s>]*")
_ATTRIBUTE = re.compile(
    r"""\s*(?P<name>[^\s=>"']+)(?:\s*=\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|"""
    r"""(?P<bare>[A-Za-z0-9.-]+)))?"""
)
_END_TAG = re.compile(r"</(?P<name>[^\s>]*)\s*(?P<end>>?)")
# Only these four names are known, and numbers; anything else stays as it stands.
_REFERENCE = re.compile(r"&(?:lt|gt|amp|quot|#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6});?")


@dataclass(slots=True)
class Node:
    """A tag with what is inside it; the root has an empty tag."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["Node | str"] = field(default_factory=list)


def read_markup(html: str, allowed: frozenset[str] | set[str] = PLAIN_TAGS) -> Node:
    """Return the tree; raises the API's own 400 with the byte offset."""
    return _Reader(html, allowed).read()


def text_of(node: Node | str) -> str:
    """Return the plain text below a node."""
    return node if isinstance(node, str) else "".join(map(text_of, node.children))


class _Reader:
    def __init__(self, html: str, allowed: frozenset[str] | set[str]) -> None:
        self._html = html
        self._allowed = allowed
        self._at = 0
        self._open = [Node("")]

    def read(self) -> Node:
        steps: dict[bool, Callable[[], None]] = {True: self._end_tag, False: self._start_tag}
        while self._at < len(self._html):
            if self._html[self._at] != "<":
                self._text()
            else:
                steps[self._html.startswith("</", self._at)]()
        if len(self._open) > 1:
            self._fail(f'Can\'t find end tag corresponding to start tag "{self._open[-1].tag}"')
        return self._open[0]

    def _text(self) -> None:
        end = self._html.find("<", self._at)
        end = len(self._html) if end < 0 else end
        piece = self._html[self._at : end]
        self._open[-1].children.append(_REFERENCE.sub(_decoded, piece))
        self._at = end

    def _start_tag(self) -> None:
        begin = self._at
        found = _NAME.match(self._html, begin + 1)
        assert found is not None
        node = Node(found.group().lower())
        if found.end() == len(self._html):
            self._fail("Unclosed start tag", begin)
        if node.tag.rstrip("/") not in self._allowed:
            self._fail(f'Unsupported start tag "{node.tag}"', begin)
        node.tag = node.tag.rstrip("/")
        self._at = found.end()
        self._attributes(node, begin)
        if node.tag == "span" and node.attributes.get("class") != "tg-spoiler":
            self._fail('Tag "span" must have class "tg-spoiler"', begin)
        self._open[-1].children.append(node)
        if node.tag not in VOID_TAGS:
            self._open.append(node)

    def _attributes(self, node: Node, begin: int) -> None:
        while True:
            self._skip(r"\s*/?\s*" if node.tag in VOID_TAGS else r"\s*")
            if self._at >= len(self._html):
                self._fail("Unclosed start tag", begin)
            if self._html[self._at] == ">":
                self._at += 1
                return
            found = _ATTRIBUTE.match(self._html, self._at)
            if found is None:
                self._fail(f'Empty attribute name in the tag "{node.tag}"', begin)
            if self._opens_quote(found.end()):
                self._fail("Unclosed start tag", begin)
            value = found["double"] or found["single"] or found["bare"] or ""
            node.attributes[found["name"].lower()] = unescape(value)
            self._at = found.end()

    def _end_tag(self) -> None:
        begin = self._at
        if len(self._open) == 1:
            self._fail("Unexpected end tag", begin)
        found = _END_TAG.match(self._html, begin)
        assert found is not None
        if not found["end"]:
            self._fail("Unclosed end tag", begin)
        expected, name = self._open[-1].tag, found["name"].lower()
        if name not in ("", expected):
            self._fail(f'Unmatched end tag at byte offset {self._byte(begin)}, expected "</'
                       f'{expected}>", found "</{name}>"')  # fmt: skip
        self._open.pop()
        self._at = found.end()

    def _opens_quote(self, at: int) -> bool:
        return re.compile(r"\s*=\s*[\"']").match(self._html, at) is not None

    def _skip(self, pattern: str) -> None:
        found = re.compile(pattern).match(self._html, self._at)
        self._at = found.end() if found else self._at

    def _byte(self, at: int) -> int:
        return len(self._html[:at].encode())

    def _fail(self, reason: str, at: int | None = None) -> NoReturn:
        where = "" if at is None else f" at byte offset {self._byte(at)}"
        raise bad(f"can't parse entities: {reason}{where}")


def _decoded(found: re.Match[str]) -> str:
    return unescape(found.group()) or found.group()
