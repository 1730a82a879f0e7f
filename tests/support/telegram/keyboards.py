"""Checks a reply_markup as the API does, and tells what a person can tap."""

import json
from dataclasses import dataclass
from typing import Any

from tests.support.telegram.refusals import bad

ROW_MAX = 8
BUTTONS_MAX = 100
DATA_BYTES_MAX = 64
COPY_MAX = 256
MARKUP_BYTES_MAX = 10_000

_ACTIONS = (
    *("url", "callback_data", "web_app", "login_url", "switch_inline_query", "copy_text", "pay"),
    *("switch_inline_query_current_chat", "switch_inline_query_chosen_chat", "callback_game"),
)
_STYLES = (None, "danger", "success", "primary")


@dataclass(frozen=True, slots=True)
class Button:
    """One thing to tap under a message: what it says, and the one thing it does."""

    label: str
    data: str = ""
    url: str = ""
    copied: str = ""
    style: str = ""


def check_markup(markup: Any, *, inline_only: bool = False) -> dict[str, Any] | None:
    """Return the markup to keep; raises a 400. An empty inline keyboard is none at all."""
    if markup is None or markup == {}:
        return None
    if not isinstance(markup, dict):
        raise bad("object expected as reply markup")
    if len(json.dumps(markup, ensure_ascii=False).encode()) > MARKUP_BYTES_MAX:
        raise bad("reply markup is too long")
    rows = markup.get("inline_keyboard")
    if rows is None:
        if inline_only:
            raise bad("inline keyboard expected")
        return _check_other(markup)
    _check_size(rows)
    for button in (button for row in rows for button in row):
        _check_inline(button)
    kept = [row for row in rows if row]
    return {"inline_keyboard": kept} if kept else None


def buttons_of(markup: dict[str, Any] | None) -> list[list[Button]]:
    """Return the inline rows of a message."""
    return [
        [
            Button(
                item["text"],
                item.get("callback_data", ""),
                item.get("url", ""),
                item.get("copy_text", {}).get("text", ""),
                item.get("style", ""),
            )
            for item in row
        ]
        for row in (markup or {}).get("inline_keyboard", ())
    ]


def _check_size(rows: list[list[Any]]) -> None:
    if sum(map(len, rows)) > BUTTONS_MAX or any(len(row) > ROW_MAX for row in rows):
        raise bad("reply markup is too long")


def _check_other(markup: dict[str, Any]) -> dict[str, Any]:
    if "keyboard" in markup:
        rows = markup["keyboard"]
        if not any(rows):
            raise bad("reply keyboard is empty")
        kept = [[{"text": key} if isinstance(key, str) else key for key in row] for row in rows]
        if any(not key.get("text") for row in kept for key in row):
            raise bad("can't parse keyboard button: Text can't be empty")
        if len(str(markup.get("input_field_placeholder", ""))) > 64:
            raise bad("reply keyboard placeholder is too long")
        return {**markup, "keyboard": kept}
    if not (markup.get("remove_keyboard") or markup.get("force_reply")):
        raise bad("reply markup is of unknown type")
    return markup


def _check_inline(button: dict[str, Any]) -> None:
    where = "can't parse inline keyboard button"
    if not isinstance(button.get("text"), str):
        raise bad(f'{where}: Field "text" must be of type String')
    if not button["text"].strip():
        raise bad("BUTTON_TEXT_INVALID")
    if not any(name in button for name in _ACTIONS):
        raise bad(f"{where}: Text buttons are unallowed in the inline keyboard")
    if button.get("style") not in _STYLES:
        raise bad(f"{where}: invalid button style specified")
    data = button.get("callback_data")
    if data is not None and not 1 <= len(data.encode()) <= DATA_BYTES_MAX:
        raise bad("BUTTON_DATA_INVALID")
    copied = button.get("copy_text")
    if copied is not None and not 1 <= len(copied.get("text", "")) <= COPY_MAX:
        raise bad("BUTTON_COPY_TEXT_INVALID")
    url = button.get("url")
    if url is not None and not url.startswith(("http://", "https://", "tg://")):
        raise bad(f"inline keyboard button URL '{url}' is invalid: Unsupported URL protocol")
