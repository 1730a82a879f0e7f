"""The rules for components: buttons, menus, the second kind (flag 32768), and modals."""

from typing import Any

from tests.support.discord.refusals import Form
from tests.support.discord.world import MENUS, every_component

JSON = dict[str, Any]
Path = tuple[object, ...]
ROW, BUTTON, MENU, INPUT, SECTION, TEXT, THUMBNAIL = 1, 2, 3, 4, 9, 10, 11
GALLERY, FILE, SEPARATOR, CONTAINER, LABEL = 12, 13, 14, 17, 18
IN_MODAL = {INPUT, *MENUS, 19, 21, 22, 23}
TOP_V2 = {ROW, SECTION, TEXT, GALLERY, FILE, SEPARATOR, CONTAINER}
COMPONENTS_MAX = 40
TEXT_MAX = 4000


class Rules:
    """Checks one body's components into `form`; `files` are the names that may be referred to."""

    def __init__(self, form: Form, files: set[str]) -> None:
        self._form = form
        self._files = files
        self._custom_ids: set[str] = set()

    def message(self, components: object, *, is_v2: bool) -> None:
        """Check the components of a message."""
        if components is None:
            return
        path: Path = ("components",)
        if not self._form.length(path, components, 0, COMPONENTS_MAX if is_v2 else 5):
            return
        assert isinstance(components, list)
        allowed = TOP_V2 if is_v2 else {ROW}
        for index, one in enumerate(components):
            self._one((*path, index), one, allowed)
        found = list(every_component(components))
        if len(found) > COMPONENTS_MAX:
            say = f"The maximum number of components is {COMPONENTS_MAX}."
            self._form.error(path, "MAX_NUMBER_OF_COMPONENTS_EXCEEDED", say)
        if sum(len(str(one.get("content", ""))) for one in found) > TEXT_MAX:
            say = f"The total length of displayable text must be {TEXT_MAX} or fewer."
            self._form.error(path, "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", say)

    def modal(self, data: JSON) -> None:
        """Check the data of a type 9 answer."""
        form = self._form
        form.length(("data", "custom_id"), data.get("custom_id"), 1, 100)
        form.length(("data", "title"), data.get("title"), 1, 45)
        path: Path = ("data", "components")
        if not form.length(path, data.get("components"), 1, 5):
            return
        for index, one in enumerate(data["components"]):
            self._one((*path, index), one, {ROW, LABEL, TEXT}, is_modal=True)

    def _one(self, path: Path, one: object, allowed: set[int], *, is_modal: bool = False) -> None:
        if not isinstance(one, dict):
            self._form.error(path, "DICT_TYPE_CONVERT", "Only dictionaries may be used here")
            return
        kind = one.get("type")
        if not self._form.choice((*path, "type"), kind, tuple(sorted(allowed))):
            return
        self._custom_id(path, one)
        if kind == ROW:
            self._row(path, one, is_modal=is_modal)
        elif kind in MENUS:
            self._menu(path, one)
        else:
            checks = {
                BUTTON: self._button,
                INPUT: self._input,
                SECTION: self._section,
                TEXT: self._text,
                THUMBNAIL: self._thumbnail,
                GALLERY: self._gallery,
                FILE: self._file,
                CONTAINER: self._container,
                LABEL: self._label,
            }
            checks.get(int(kind or 0), lambda _path, _one: None)(path, one)

    def _custom_id(self, path: Path, one: JSON) -> None:
        custom_id = one.get("custom_id")
        if one["type"] in IN_MODAL and not self._form.length(
            (*path, "custom_id"), custom_id, 1, 100
        ):
            return
        if custom_id is None:
            return
        if custom_id in self._custom_ids:
            say = "Component custom id cannot be duplicated"
            self._form.error((*path, "custom_id"), "COMPONENT_CUSTOM_ID_DUPLICATED", say)
        self._custom_ids.add(custom_id)

    def _row(self, path: Path, one: JSON, *, is_modal: bool) -> None:
        path = (*path, "components")
        if not self._form.length(path, one.get("components"), 1, 5):
            return
        inner = one["components"]
        for index, child in enumerate(inner):
            self._one((*path, index), child, {INPUT} if is_modal else {BUTTON, *MENUS})
        if len(inner) > 1 and any(child.get("type") != BUTTON for child in inner):
            say = "The specified component exceeds the maximum width"
            self._form.error(path, "COMPONENT_LAYOUT_WIDTH_EXCEEDED", say)

    def _button(self, path: Path, one: JSON) -> None:
        form, style = self._form, one.get("style")
        form.optional((*path, "label"), one.get("label"), 80, 0)
        if not form.choice((*path, "style"), style, (1, 2, 3, 4, 5, 6)):
            return
        if style == 5:
            self._link((*path, "url"), one.get("url"))
            if one.get("custom_id"):
                say = "A link button cannot have a custom id"
                form.error(path, "BUTTON_COMPONENT_INVALID_CUSTOM_ID", say)
        elif style != 6:
            form.length((*path, "custom_id"), one.get("custom_id"), 1, 100)
        if style != 6 and not one.get("label") and not one.get("emoji"):
            say = "A button must have a label or emoji."
            form.error(path, "BUTTON_COMPONENT_MISSING_LABEL_OR_EMOJI", say)

    def _link(self, path: Path, url: object) -> None:
        if self._form.length(path, url, 1, 512) and not str(url).startswith(
            ("https://", "http://", "discord://")
        ):
            say = "Scheme must be one of ('discord', 'http', 'https')."
            self._form.error(path, "URL_TYPE_INVALID_SCHEME", say)

    def _menu(self, path: Path, one: JSON) -> None:
        form = self._form
        form.optional((*path, "placeholder"), one.get("placeholder"), 150, 0)
        low, high = one.get("min_values", 1), one.get("max_values", 1)
        if not 0 <= low <= high <= 25:
            form.error((*path, "max_values"), "NUMBER_TYPE_MAX", "Must be from 0 to 25")
        if one["type"] != MENU or not form.length((*path, "options"), one.get("options"), 1, 25):
            return
        values: set[str] = set()
        for index, option in enumerate(one["options"]):
            here = (*path, "options", index)
            form.length((*here, "label"), option.get("label"), 1, 100)
            form.length((*here, "value"), option.get("value"), 1, 100)
            form.optional((*here, "description"), option.get("description"), 100, 0)
            if option.get("value") in values:
                say = "The specified option value is already used"
                form.error((*here, "value"), "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", say)
            values.add(option.get("value"))

    def _input(self, path: Path, one: JSON) -> None:
        form = self._form
        form.choice((*path, "style"), one.get("style"), (1, 2))
        form.optional((*path, "label"), one.get("label"), 45)
        form.optional((*path, "placeholder"), one.get("placeholder"), 100, 0)
        form.optional((*path, "value"), one.get("value"), 4000, 0)
        if not 0 <= (one.get("min_length") or 0) <= (one.get("max_length") or 4000) <= 4000:
            form.error((*path, "max_length"), "NUMBER_TYPE_MAX", "Must be from 0 to 4000")

    def _section(self, path: Path, one: JSON) -> None:
        if self._form.length((*path, "components"), one.get("components"), 1, 3):
            for index, child in enumerate(one["components"]):
                self._one((*path, "components", index), child, {TEXT})
        self._one((*path, "accessory"), one.get("accessory"), {BUTTON, THUMBNAIL})

    def _text(self, path: Path, one: JSON) -> None:
        self._form.length((*path, "content"), one.get("content"), 1, TEXT_MAX)

    def _thumbnail(self, path: Path, one: JSON) -> None:
        self._form.optional((*path, "description"), one.get("description"), 1024)
        self._media((*path, "media"), one.get("media"))

    def _gallery(self, path: Path, one: JSON) -> None:
        if not self._form.length((*path, "items"), one.get("items"), 1, 10):
            return
        for index, item in enumerate(one["items"]):
            here = (*path, "items", index)
            self._form.optional((*here, "description"), item.get("description"), 1024)
            self._media((*here, "media"), item.get("media"))

    def _file(self, path: Path, one: JSON) -> None:
        media = one.get("file")
        self._media((*path, "file"), media)
        url = str(media.get("url")) if isinstance(media, dict) else ""
        if not url.startswith("attachment://"):
            say = "Only attachments can be shown as a file"
            self._form.error((*path, "file", "url"), "URL_TYPE_INVALID_SCHEME", say)

    def _media(self, path: Path, media: object) -> None:
        url = media.get("url") if isinstance(media, dict) else None
        if not self._form.length((*path, "url"), url, 1, 2048):
            return
        name = str(url).removeprefix("attachment://")
        if name == url:
            self._link((*path, "url"), url)
        elif name not in self._files:
            say = "The referenced attachment was not found"
            self._form.error((*path, "url"), "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT", say)

    def _container(self, path: Path, one: JSON) -> None:
        color = one.get("accent_color")
        if color is not None and not 0 <= color <= 0xFFFFFF:
            self._form.error((*path, "accent_color"), "NUMBER_TYPE_MAX", "Must be a color")
        if self._form.length((*path, "components"), one.get("components"), 1, COMPONENTS_MAX):
            for index, child in enumerate(one["components"]):
                self._one((*path, "components", index), child, TOP_V2 - {CONTAINER})

    def _label(self, path: Path, one: JSON) -> None:
        self._form.length((*path, "label"), one.get("label"), 1, 45)
        self._form.optional((*path, "description"), one.get("description"), 100)
        self._one((*path, "component"), one.get("component"), IN_MODAL)
