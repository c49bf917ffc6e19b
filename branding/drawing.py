"""Icons and the Open Graph card as PNG, rendered by typst with fonts of its own."""

import json
import struct
from functools import lru_cache
from pathlib import Path

import typst

from branding.brand import Brand
from branding.contrast import mix
from branding.logo import Logo
from branding.palette import LIGHT, WHITE
from web import gettext_noop as _

FONTS = Path(__file__).with_name("fonts")
CARD = Path(__file__).with_name("card.typ").read_bytes()
ICON = b"""#set page(width: 1pt * int(sys.inputs.side), height: 1pt * int(sys.inputs.side), margin: 0pt,
  fill: if sys.inputs.paper == "" { none } else { rgb(sys.inputs.paper) })
#let picture = bytes(json(bytes(sys.inputs.picture)))
#align(center + horizon, image(picture, width: 100%, height: 100%, fit: "contain"))"""

MARK = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" fill="none" stroke-linecap="round" \
stroke-linejoin="round">
  <rect width="32" height="32" rx="8" fill="{ground}"/>
  <path d="M7 20a9 9 0 0 1 18 0" stroke="{arc}" stroke-width="3"/>
  <path d="M11.5 19.5l3.5 3.5 6-7" stroke="#fff" stroke-width="3"/>
</svg>
"""


@lru_cache(maxsize=1)
def drawing_fonts() -> typst.Fonts:
    """Our face for headings and the fonts of typst, so that a drawing looks the same on every machine."""
    return typst.Fonts(include_system_fonts=False, font_paths=[str(FONTS)])


def icon(brand: Brand) -> Logo:
    """The brand's logo if it is square, else our mark in the brand's colour."""
    if brand.logo and brand.logo.square:
        return brand.logo
    ground = brand.light.primary
    mark = MARK.format(ground=ground, arc=mix(ground, WHITE, 0.6))
    return Logo("image/svg+xml", mark.encode(), 32, 32)


@lru_cache(maxsize=8)
def drawn_mark(picture: Logo, side: int, paper: str = "") -> bytes:
    """Render a square PNG of `side` pixels, on `paper` or transparent. Raises ValueError if typst fails."""
    return png(ICON, side=str(side), paper=paper, picture=numbers(picture.content))


@lru_cache(maxsize=8)
def ico(picture: Logo) -> bytes:
    """A 32-pixel ICO for browsers without SVG icons: a 22-byte header followed by a PNG."""
    content = drawn_mark(picture, 32)
    header = struct.pack("<HHHBBBBHHII", 0, 1, 1, 32, 32, 0, 0, 1, 32, len(content), 22)
    return header + content


@lru_cache(maxsize=8)
def social_card(brand: Brand, title: str, line: str) -> bytes:
    """The Open Graph image, a PNG of 1200 x 630 pixels."""
    picture = brand.logo or icon(brand)
    return png(
        CARD,
        name="" if brand.logo and not brand.logo.square else brand.name,
        title=title,
        line=line,
        picture=numbers(picture.content),
        paper=LIGHT.paper,
        ink=LIGHT.ink,
        track=LIGHT.track,
        primary=brand.light.primary,
        accent=brand.light.accent,
    )


def numbers(content: bytes) -> str:
    """Encode bytes as text, the only type of a typst input."""
    return json.dumps(list(content))


def png(source: bytes, **inputs: str) -> bytes:
    """Compile typst source to a PNG at 1 px per pt; `inputs` are data, never markup. Raises ValueError."""
    try:
        page = typst.compile(
            source,
            format="png",
            ppi=72,
            font_paths=drawing_fonts(),
            sys_inputs=inputs,
            ignore_system_fonts=True,
        )
    except typst.TypstError as error:
        raise ValueError(_("This picture cannot be drawn; save it anew with another program.")) from error
    return page if isinstance(page, bytes) else page[0]
