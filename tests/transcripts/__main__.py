"""`python -m tests.transcripts --write` writes every transcript anew; else the stale are named."""

import sys

from tests.transcripts.writing import FOLDER, transcripts


def main(arguments: list[str]) -> int:
    """Return 0 when every file holds what it should, or was written."""
    stale, known = [], set(FOLDER.glob("*/*/*.txt"))
    for path, text in transcripts():
        known.discard(path)
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(path)
        if "--write" in arguments:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    if "--write" in arguments:
        for path in known:
            path.unlink()
    for path in [*stale, *known]:
        sys.stdout.write(f"{path.relative_to(FOLDER)}\n")
    return 0 if "--write" in arguments or not [*stale, *known] else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
