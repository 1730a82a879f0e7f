"""Stores an export beside the person's other files, readable by him alone, never over another."""

import os
import re
from pathlib import Path

from bot.views import ExportView

TRIES_MAX = 1_000
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


def save_export(folder: Path, view: ExportView) -> Path:
    """Write the export's bytes into `folder` and return the file. Raises OSError."""
    name = Path(_UNSAFE.sub("_", view.filename).lstrip(".") or "export.json")
    for number in range(1, TRIES_MAX):
        path = folder / (name.name if number == 1 else f"{name.stem}-{number}{name.suffix}")
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            continue
        with os.fdopen(descriptor, "wb") as file:
            file.write(view.content)
        return path
    raise FileExistsError(str(folder / name))
