"""A message as Telegram's HTML: the first line bold, everything else plain, and within its limits.

What people typed can bring in no markup, no link, no mention, no command and no turned text.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence

from bot.messages import Message

TEXT_MAX = 4096
CAPTION_MAX = 1024
TABLE_COLUMNS = 28
CUT = "…"

_JOINER = "\u2060"  # of no width; it parts what Telegram would take for a link
_EMOJI_JOINER = "\u200d"
_DROPPED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
# "@name", "#tag", "$TAG", "://", a dot inside a word as in a domain, "</tag", four numbers with
# dots, a telephone. "#47" is no link.
_LINK_STARTS = re.compile(
    r"(?<=[@#$])(?=[^\W\d_])|(?<=@)(?=\d|_)|(?<=:)(?=//)|(?<=\w\.)(?=[^\W\d_])|(?<=</)(?=\w)"
    r"|(?<=\d\.)(?=\d{1,3}\.\d{1,3}\.\d)|(?<=\+)(?=\d[\d ()-]{6})"
)
_FIGURE = re.compile(r"[▲▼▪+−-]?[\d.,]+%?|[–—-]")


def clean(text: str) -> str:
    """Return `text` on one line, without characters that are not seen or that turn it around."""
    spaced = " ".join(text.split("\n")) if "\n" in text else text
    kept = (
        char
        for char in spaced
        if char == _EMOJI_JOINER or unicodedata.category(char) not in _DROPPED
    )
    return "".join(kept)


def escape(text: str) -> str:
    """Return `text` so that Telegram shows it as it is: the only way into a message's HTML."""
    parted = _LINK_STARTS.sub(_JOINER, clean(text))
    return parted.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def text_html(message: Message, limit: int = TEXT_MAX) -> str:
    """Return the whole message as HTML; a table as an aligned block of 28 columns."""
    head, rest = message.lines[:1], message.lines[1:]
    blocks = [*(f"<b>{escape(line)}</b>" for line in _fitting(head, limit) if line.strip())]
    left = limit - _length(head)
    if message.table:
        footer = _fitting(message.footer, left)
        rows = [row[:TABLE_COLUMNS].rstrip() for row in message.table]
        rows = _fitting(rows, left - _length(footer))
        blocks.append(f"<pre>{chr(10).join(map(escape, rows))}</pre>")
        blocks += map(escape, footer)
    else:
        blocks += map(escape, _fitting([*rest, *message.footer], left))
    return "\n".join(blocks) or CUT


def plain_text(message: Message, limit: int = TEXT_MAX) -> str:
    """Return the message without any markup, for a server that cannot read ours."""
    body = message.table or message.lines[1:]
    lines = [*message.lines[:1], *body, *message.footer]
    return "\n".join(_LINK_STARTS.sub(_JOINER, line) for line in _fitting(lines, limit)) or CUT


def rich_html(message: Message) -> str:
    """Return the message as a rich one's HTML: its table as a real table, its footer small."""
    head = "".join(f"<p><b>{escape(line)}</b></p>" for line in message.lines[:1])
    lines = "<br>".join(escape(line) for line in message.footer)
    return f"{head}{_table_html(message.table)}" + (f"<footer>{lines}</footer>" if lines else "")


def _table_html(rows: Sequence[str]) -> str:
    """Write an aligned block as a table: the figures at the end of its lines are its columns."""
    lines = [clean(row).split() for row in rows if row.strip()]
    columns = min((_figures(words) for words in lines[1:]), default=0)
    cells = [_cells(words, columns) for words in lines]
    has_header = len(lines) > 1 and columns > _figures(lines[0])
    written = (_row_html(row, is_header=has_header and not at) for at, row in enumerate(cells))
    return f"<table>{''.join(written)}</table>"


def _figures(words: Sequence[str]) -> int:
    """Count the figures at the end of a line, behind its first word."""
    count = 0
    while count < len(words) - 1 and _FIGURE.fullmatch(words[-1 - count]):
        count += 1
    return count


def _cells(words: Sequence[str], columns: int) -> list[str]:
    """Part a line into a name and its last words; one with fewer words has empty cells."""
    count = min(columns, len(words) - 1)
    figures = list(words[len(words) - count :])
    return [" ".join(words[: len(words) - count]), *figures, *[""] * (columns - count)]


def _row_html(cells: Sequence[str], *, is_header: bool) -> str:
    tag = "th" if is_header else "td"
    name, *figures = (escape(cell) for cell in cells)
    rest = "".join(f'<{tag} align="right">{figure}</{tag}>' for figure in figures)
    return f"<tr><{tag}>{name}</{tag}>{rest}</tr>"


def _fitting(lines: Iterable[str], limit: int) -> list[str]:
    """Return as many lines as fit, whole ones; what is left out is marked by three dots."""
    kept: list[str] = []
    left = limit
    for line in map(clean, lines):
        size = _size(line) + 1
        if size + len(CUT) + 1 > left:
            kept.append(_short(line, left - len(CUT) - 1) + CUT if not kept else CUT)
            break
        kept.append(line)
        left -= size
    return kept


def _short(line: str, size: int) -> str:
    """Return the beginning of a single line that is too long by itself."""
    short = line[: max(0, size // 2)]
    while short and _size(short) > size:
        short = short[:-1]
    return short


def _length(lines: Iterable[str]) -> int:
    return sum(_size(line) + 1 for line in lines)


def _size(line: str) -> int:
    """Count as Telegram does, in UTF-16, with the joiners that `escape` will add."""
    return len(line.encode("utf-16-le")) // 2 + len(_LINK_STARTS.findall(line))
