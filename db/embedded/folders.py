"""Where the embedded server lives: its state folder, its socket, and the user it runs as.

Creates and owns what is below its own folder; changes no folder above it.
"""

import hashlib
import os
import pwd
import stat
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from db.embedded.errors import FolderNotOurs, FolderUnreachable

SOCKET_PATH_BYTES_MAX = 99
SOCKET_NAME = ".s.PGSQL.5432"
_ROOT_HOME = Path("/var/lib/vigilante")


@dataclass(frozen=True)
class ServerUser:
    """Who runs the server: ourselves, or `nobody` when we are root (Postgres refuses root)."""

    uid: int
    gid: int
    name: str
    is_other: bool


def state_folder(environ: Mapping[str, str]) -> Path:
    """Return `VIGILANTE_HOME`, else the user's state folder; for root `/var/lib/vigilante`.

    Root's own home is closed to the user whom the server runs as.
    """
    named = environ.get("VIGILANTE_HOME")
    if named:
        return Path(named).expanduser().absolute()
    if os.geteuid() == 0:
        return _ROOT_HOME
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "vigilante"
    state = Path(environ.get("XDG_STATE_HOME", ""))
    return (state if state.is_absolute() else Path.home() / ".local" / "state") / "vigilante"


def server_user() -> ServerUser:
    """Return the user to run the server as."""
    is_root = os.geteuid() == 0
    entry = pwd.getpwnam("nobody") if is_root else None
    if entry:
        return ServerUser(entry.pw_uid, entry.pw_gid, entry.pw_name, is_other=True)
    return ServerUser(os.geteuid(), os.getegid(), str(os.geteuid()), is_other=False)


def prepare_root(root: Path, user: ServerUser) -> None:
    """Make the state folder. Raises `FolderUnreachable` and `FolderNotOurs`."""
    root.mkdir(parents=True, exist_ok=True)
    if user.is_other:
        for parent in root.parents:
            if not parent.stat().st_mode & stat.S_IXOTH:
                raise FolderUnreachable(folder=str(root), parent=str(parent), user=user.name)
        root.chmod(0o755)
    else:
        if root.stat().st_uid != user.uid:
            raise FolderNotOurs(folder=str(root), owner=root.stat().st_uid, user=user.name)
        root.chmod(0o700)
    data = root / "data"
    if data.exists() and data.stat().st_uid != user.uid:
        raise FolderNotOurs(folder=str(data), owner=data.stat().st_uid, user=user.name)


def private_folder(path: Path, user: ServerUser) -> Path:
    """Make `path` a folder that only `user` may enter. Raises `FolderNotOurs`."""
    path.mkdir(mode=0o700, exist_ok=True)
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in (os.geteuid(), user.uid):
        raise FolderNotOurs(folder=str(path), owner=found.st_uid, user=user.name)
    if found.st_uid != user.uid:
        os.chown(path, user.uid, user.gid, follow_symlinks=False)
    path.chmod(0o700)
    return path


def socket_folder(root: Path, user: ServerUser) -> Path:
    """Return a private folder whose socket path fits the system's limit of about 100 bytes."""
    near = root / "run"
    if len(os.fsencode(near / SOCKET_NAME)) <= SOCKET_PATH_BYTES_MAX:
        return private_folder(near, user)
    tag = hashlib.sha256(os.fsencode(root)).hexdigest()[:12]
    short = Path(tempfile.gettempdir()) / f"vigilante-{user.uid}-{tag}"
    if len(os.fsencode(short / SOCKET_NAME)) > SOCKET_PATH_BYTES_MAX:
        short = Path("/tmp") / short.name  # noqa: S108 - made private, refused when another's
    return private_folder(short, user)
