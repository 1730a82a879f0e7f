"""The messages of every language, read once from the .ftl files; it formats no numbers itself."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fluent.runtime import FluentBundle, FluentResource

LOCALES = ("en", "pt-BR")
FOLDER = Path(__file__).parent


class Catalog:
    """Every message by locale and id."""

    def __init__(self, bundles: Mapping[str, FluentBundle]) -> None:
        self._bundles = bundles

    def say(self, locale: str, message_id: str, placeholders: Mapping[str, Any]) -> str:
        """Return a message. An unknown id or a missing placeholder is a broken invariant."""
        bundle = self._bundles[locale]
        pattern = bundle.get_message(message_id).value
        assert pattern is not None, message_id
        text, errors = bundle.format_pattern(pattern, dict(placeholders))
        assert not errors, (locale, message_id, errors)
        assert isinstance(text, str), message_id
        return text


def load_catalog(folder: Path = FOLDER) -> Catalog:
    """Read every language's files. Raises OSError when the installation is damaged."""
    return Catalog({locale: _bundle(locale, folder / locale) for locale in LOCALES})


def _bundle(locale: str, folder: Path) -> FluentBundle:
    bundle = FluentBundle([locale], use_isolating=False)
    for path in sorted(folder.glob("*.ftl")):
        bundle.add_resource(FluentResource(path.read_text(encoding="utf-8")))
    return bundle
