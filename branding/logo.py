"""Logos: validation of uploads, and their representation as text in the settings."""

import base64
import struct
from dataclasses import dataclass

from branding import svg
from web import gettext_noop as _

MOST_BYTES = 20_000  # keeps the first step of the form under 60 kB
MOST_PIXELS = 4096  # per side
HEIGHT, WIDTH = 32, 180  # bounding box in the page header, in CSS pixels
TYPES = ("image/svg+xml", "image/png", "image/webp")


@dataclass(frozen=True, slots=True)
class Logo:
    """A validated logo. `width` and `height` are its intrinsic size: pixels, or SVG units."""

    kind: str
    content: bytes
    width: float
    height: float

    @property
    def shown(self) -> tuple[int, int]:
        """Width and height in the page header, in CSS pixels."""
        scale = min(HEIGHT / self.height, WIDTH / self.width)
        return max(1, round(self.width * scale)), max(1, round(self.height * scale))

    @property
    def square(self) -> bool:
        """Whether it is square, and so fit for an icon."""
        return 0.8 <= self.width / self.height <= 1.25

    def stored(self) -> str:
        return f"data:{self.kind};base64,{base64.b64encode(self.content).decode()}"


def parse_logo(content: bytes) -> Logo:
    """Parse a PNG, WebP or safe SVG. Raises ValueError, with a message for users, if it is not valid."""
    if len(content) > MOST_BYTES:
        raise ValueError(f"A logo may have {MOST_BYTES // 1000} kB, this one has {-(-len(content) // 1000)}.")
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return raster_logo("image/png", content, png_size(content))
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return raster_logo("image/webp", content, webp_size(content))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(_("A logo is a PNG, WebP or SVG file.")) from error
    if "<svg" not in text:
        raise ValueError(_("A logo is a PNG, WebP or SVG file."))
    return Logo("image/svg+xml", text.encode(), *svg.svg_size(text))


def raster_logo(kind: str, content: bytes, size: tuple[int, int]) -> Logo:
    if not all(0 < side <= MOST_PIXELS for side in size):
        raise ValueError(f"A logo may have {MOST_PIXELS} pixels on a side, this has {size[0]} x {size[1]}.")
    return Logo(kind, content, *size)


def png_size(content: bytes) -> tuple[int, int]:
    if content[12:16] != b"IHDR" or len(content) < 33:
        raise ValueError(_("This PNG cannot be read."))
    width, height = struct.unpack(">II", content[16:24])
    return width, height


def webp_size(content: bytes) -> tuple[int, int]:
    """Width and height of a WebP from its first chunk: extended, lossless or lossy."""
    chunk, body = content[12:16], content[20:30]
    if len(body) < 10:
        raise ValueError(_("This WebP cannot be read."))
    if chunk == b"VP8X":
        return int.from_bytes(body[4:7], "little") + 1, int.from_bytes(body[7:10], "little") + 1
    if chunk == b"VP8L":
        bits = int.from_bytes(body[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if chunk == b"VP8 ":
        width, height = struct.unpack("<HH", body[6:10])
        return width & 0x3FFF, height & 0x3FFF
    raise ValueError(_("This WebP cannot be read."))


def stored_logo(stored: str) -> Logo | None:
    """Parse the stored logo; None if there is none, or if it fails the validation of a later release."""
    try:
        return parse_logo(base64.b64decode(stored.partition(",")[2])) if stored else None
    except ValueError:
        return None
