"""What can keep the embedded server from starting: a code and its placeholders, no sentences.

EmbeddedError
├── NoBinaries          neither bundled nor installed
├── WrongMajor          the data folder was made by another major version
├── FolderBusy          another process holds the folder
├── FolderUnreachable   root's server user cannot enter a parent folder
├── FolderNotOurs       the folder belongs to another user
└── StartFailed         the server ended, or was not ready in time; `log` is its last words
"""


class EmbeddedError(Exception):
    """The embedded server cannot serve; `code` and `placeholders` say why."""

    code: str = "embedded"

    def __init__(self, **placeholders: str | int) -> None:
        """Keep what the sentence at the edge will need."""
        super().__init__(self.code, placeholders)
        self.placeholders = placeholders

    def __str__(self) -> str:
        """Return the code and its placeholders on one line."""
        said = " ".join(f"{name}={value!s}" for name, value in self.placeholders.items())
        return f"{self.code} {said}".rstrip()


class NoBinaries(EmbeddedError):
    """No server program: `major_min` is the oldest that would do."""

    code = "embedded.no_binaries"


class WrongMajor(EmbeddedError):
    """`folder` was made by Postgres `found`; the programs at hand are `available`."""

    code = "embedded.wrong_major"


class FolderBusy(EmbeddedError):
    """Process `pid` already serves `folder`."""

    code = "embedded.folder_busy"


class FolderUnreachable(EmbeddedError):
    """`user` may not enter `parent`, so it cannot serve `folder`."""

    code = "embedded.folder_unreachable"


class FolderNotOurs(EmbeddedError):
    """`folder` belongs to user id `owner`, and the server would run as `user`."""

    code = "embedded.folder_not_ours"


class StartFailed(EmbeddedError):
    """`reason` is `ended` or `timeout`; `log` holds the last lines."""

    code = "embedded.start_failed"
