"""The size of a PNG or JPEG, from its header alone; anything else is no picture."""

import struct

from tests.support.telegram.refusals import bad

BYTES_MAX = 10 << 20
SIDES_MAX = 10_000
RATIO_MAX = 20
_FRAMES = frozenset({*range(0xC0, 0xC4), *range(0xC5, 0xC8), *range(0xC9, 0xCC)})


def picture_size(content: bytes) -> tuple[int, int]:
    """Return width and height in pixels; raises the API's 400 for what it would not show."""
    if len(content) > BYTES_MAX:
        raise bad(
            f"file of size {len(content)} bytes is too big for a photo;"
            f" the maximum size is {BYTES_MAX} bytes"
        )
    if content.startswith(b"\x89PNG\r\n\x1a\n") and len(content) >= 24:
        size = struct.unpack(">II", content[16:24])
    else:
        size = _jpeg_size(content)
    width, height = size
    if not width or not height:
        raise bad("IMAGE_PROCESS_FAILED")
    if width + height > SIDES_MAX or max(size) > RATIO_MAX * min(size):
        raise bad("PHOTO_INVALID_DIMENSIONS")
    return width, height


def _jpeg_size(content: bytes) -> tuple[int, int]:
    at = 2 if content.startswith(b"\xff\xd8") else len(content)
    while at + 9 < len(content) and content[at] == 0xFF:
        if content[at + 1] in _FRAMES:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width, height
        at += 2 + struct.unpack(">H", content[at + 2 : at + 4])[0]
    return 0, 0
