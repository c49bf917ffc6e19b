"""Pictures for machines: icons, and the card that a shared link shows. Drawn by typst, with its own fonts."""

import json
import struct
from functools import lru_cache
from pathlib import Path

import typst

from branding.brand import Brand
from branding.contrast import mix
from branding.logo import Logo
from branding.palette import LIGHT, WHITE

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


def icon(brand: Brand) -> Logo:
    """The brand's logo where its shape is that of an icon, else our mark in the brand's colour."""
    if brand.logo and brand.logo.square:
        return brand.logo
    ground = brand.light.primary
    mark = MARK.format(ground=ground, arc=mix(ground, WHITE, 0.6))
    return Logo("image/svg+xml", mark.encode(), 32, 32)


@lru_cache(maxsize=8)
def drawn(picture: Logo, side: int, paper: str = "") -> bytes:
    """A square PNG, `side` pixels wide, on paper or transparent. Raises ValueError if it cannot be drawn."""
    return png(ICON, side=str(side), paper=paper, picture=numbers(picture.content))


@lru_cache(maxsize=8)
def favicon(picture: Logo) -> bytes:
    """An ICO of 32 pixels, for browsers that know no SVG icons: a header of 22 bytes before a PNG."""
    content = drawn(picture, 32)
    header = struct.pack("<HHHBBBBHHII", 0, 1, 1, 32, 32, 0, 0, 1, 32, len(content), 22)
    return header + content


@lru_cache(maxsize=8)
def card(brand: Brand, title: str, line: str) -> bytes:
    """A PNG of 1200 by 630 pixels, as Open Graph wants it."""
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
    """Bytes as the one thing that typst takes from outside: text."""
    return json.dumps(list(content))


def png(source: bytes, **inputs: str) -> bytes:
    """A page at a pixel a point; `inputs` are data, never markup. Raises ValueError for a broken picture."""
    try:
        page = typst.compile(source, format="png", ppi=72, sys_inputs=inputs, ignore_system_fonts=True)
    except typst.TypstError as error:
        raise ValueError("This picture cannot be drawn; save it anew with another program.") from error
    return page if isinstance(page, bytes) else page[0]
