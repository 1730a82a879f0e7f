"""Rich messages: the API's HTML into blocks, and what a person reads of them as plain lines."""

from typing import Any

from tests.support.telegram.markup import RICH_TAGS, Node, read_markup, text_of
from tests.support.telegram.refusals import bad

CHARACTERS_MAX = 32_768
BLOCKS_MAX = 500
COLUMNS_MAX = 20

Block = dict[str, Any]

_STYLES = {
    **dict.fromkeys(("b", "strong"), "bold"),
    **dict.fromkeys(("i", "em"), "italic"),
    **dict.fromkeys(("u", "ins"), "underline"),
    **dict.fromkeys(("s", "strike", "del"), "strikethrough"),
    "code": "code",
    "mark": "marked",
    "sub": "subscript",
    "sup": "superscript",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
}
_HEADINGS = {f"h{size}": size for size in range(1, 7)}
_BLOCK_TAGS = frozenset(
    {"p", "pre", "table", "details", "footer", "hr", "ul", "ol", "blockquote", "aside"}
) | set(_HEADINGS)


def read_rich(given: dict[str, Any]) -> list[Block]:
    """Return the blocks of an InputRichMessage; raises a 400 for what cannot be shown."""
    html = given.get("html")
    if html is None:
        raise bad("rich message must be specified as HTML")  # Markdown: nobody here needs it
    root = read_markup(html, RICH_TAGS)
    blocks = _blocks(root.children)
    if not blocks:
        raise bad("message text is empty")
    if len(text_of(root)) > CHARACTERS_MAX or count(blocks) > BLOCKS_MAX:
        raise bad("message is too long")
    return blocks


def count(blocks: list[Block]) -> int:
    """Return the number of blocks, those inside others too, a table's rows each as one."""
    total = len(blocks)
    for block in blocks:
        total += len(block.get("cells", ()))
        total += count(block.get("blocks", []))
        total += sum(1 + count(item["blocks"]) for item in block.get("items", ()))
    return total


def plain(blocks: list[Block]) -> str:
    """Return what a person reads: a line a block, a table's cells with two spaces between."""
    return "\n".join(line for block in blocks for line in _lines(block))


def _blocks(children: list[Node | str]) -> list[Block]:
    made: list[Block] = []
    loose: list[Node | str] = []
    for child in [*children, Node("hr")]:
        if isinstance(child, Node) and child.tag in _BLOCK_TAGS:
            if "".join(map(text_of, loose)).strip():
                made.append({"type": "paragraph", "text": _rich(loose)})
            loose = []
            made.append(_block(child))
        else:
            loose.append(child)
    return made[:-1]


def _block(node: Node) -> Block:
    if node.tag in _HEADINGS:
        return {"type": "heading", "text": _rich(node.children), "size": _HEADINGS[node.tag]}
    if node.tag in ("p", "footer"):
        kind = "paragraph" if node.tag == "p" else "footer"
        return {"type": kind, "text": _rich(node.children)}
    if node.tag == "pre":
        return {"type": "pre", "text": text_of(node)}
    if node.tag == "hr":
        return {"type": "divider"}
    if node.tag == "table":
        return _table(node)
    if node.tag == "details":
        return _details(node)
    if node.tag in ("ul", "ol"):
        return {"type": "list", "items": _items(node)}
    return {"type": "blockquote", "blocks": _blocks(node.children)}


def _inner(node: Node, *tags: str) -> list[Node]:
    found = [child for child in node.children if isinstance(child, Node)]
    strangers = [child.tag for child in found if child.tag not in tags]
    if strangers:
        raise bad(f'can\'t parse entities: Unexpected tag "{strangers[0]}" in "{node.tag}"')
    return found


def _details(node: Node) -> Block:
    summaries = [item for item in node.children if isinstance(item, Node) and item.tag == "summary"]
    if len(summaries) != 1:
        raise bad('can\'t parse entities: Tag "details" must have a summary')
    inside = _blocks([child for child in node.children if child is not summaries[0]])
    made: Block = {"type": "details", "summary": _rich(summaries[0].children), "blocks": inside}
    return made | ({"is_open": True} if "open" in node.attributes else {})


def _items(node: Node) -> list[Block]:
    return [
        {"label": f"{at}." if node.tag == "ol" else "•", "blocks": _blocks(item.children)}
        for at, item in enumerate(_inner(node, "li"), 1)
    ]


def _table(node: Node) -> Block:
    rows = [row for row in _inner(node, "tr", "caption") if row.tag == "tr"]
    cells = [[_cell(cell) for cell in _inner(row, "th", "td")] for row in rows]
    if any(len(row) > COLUMNS_MAX for row in cells):
        raise bad("can't parse entities: Too many columns in the table")
    made: Block = {"type": "table", "cells": cells}
    made |= {f"is_{name}": True for name in ("bordered", "striped") if name in node.attributes}
    captions = [row for row in _inner(node, "tr", "caption") if row.tag == "caption"]
    return made | ({"caption": _rich(captions[0].children)} if captions else {})


def _cell(node: Node) -> Block:
    made: Block = {
        "align": node.attributes.get("align", "left"),
        "valign": node.attributes.get("valign", "top"),
    }
    if node.children:
        made["text"] = _rich(node.children)
    for name in ("colspan", "rowspan"):
        if int(node.attributes.get(name, "1")) > 1:
            made[name] = int(node.attributes[name])
    return made | ({"is_header": True} if node.tag == "th" else {})


def _rich(children: list[Node | str]) -> Any:
    parts = [part for part in map(_piece, children) if part != ""]
    if not parts:
        return ""
    return parts[0] if len(parts) == 1 else parts


def _piece(child: Node | str) -> Any:
    if isinstance(child, str):
        return child
    if child.tag == "br":
        return "\n"
    if child.tag == "a":
        url = child.attributes.get("href", "")
        return {"type": "url", "text": _rich(child.children), "url": url}
    if child.tag in _STYLES:
        return {"type": _STYLES[child.tag], "text": _rich(child.children)}
    raise bad(f'can\'t parse entities: Unexpected tag "{child.tag}" in a text')


def _read(text: Any) -> str:
    if isinstance(text, str):
        return text
    if isinstance(text, list):
        return "".join(map(_read, text))
    return _read(text["text"])


def _lines(block: Block) -> list[str]:
    if block["type"] == "table":
        head = [_read(block["caption"])] if "caption" in block else []
        rows = ["  ".join(_read(cell.get("text", "")) for cell in row) for row in block["cells"]]
        return head + rows
    if block["type"] == "list":
        return [f"{item['label']} {plain(item['blocks'])}" for item in block["items"]]
    if block["type"] == "divider":
        return ["—"]
    told = [_read(block["summary"])] if "summary" in block else []
    told += [_read(block["text"])] if "text" in block else []
    return told + [line for inner in block.get("blocks", ()) for line in _lines(inner)]
