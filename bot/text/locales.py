"""The language of an environment: what POSIX says first, then the setting, then English."""

from collections.abc import Mapping

VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")
MEANINGLESS = frozenset({"", "c", "posix"})


def locale_of(environ: Mapping[str, str], fallback: str | None = None) -> str:
    """Return `pt-BR` where LC_ALL, LC_MESSAGES or LANG says any Portuguese, else `en`.

    The first of them that is set decides; without one, `fallback` does (`DEFAULT_LOCALE`).
    """
    for name in VARIABLES:
        language = environ.get(name, "").partition(".")[0].lower()
        if language not in MEANINGLESS:
            return "pt-BR" if language.startswith("pt") else "en"
    return fallback or "en"
