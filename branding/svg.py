"""Validation of SVGs: anything that could execute, load or link is rejected; nothing is sanitised."""

import re
from xml.parsers import expat

from web import gettext_noop

SVG = "http://www.w3.org/2000/svg"
ALIVE = ("http://www.w3.org/1999/xhtml", "http://www.w3.org/1998/Math/MathML")  # browsers interpret these
ELEMENTS = frozenset(
    (
        *("svg", "g", "defs", "title", "desc", "metadata", "style", "text", "tspan", "use", "symbol"),
        *("path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "clipPath", "mask", "pattern"),
        *("linearGradient", "radialGradient", "stop", "filter", "feGaussianBlur", "feOffset", "feBlend"),
        *("feFlood", "feComposite", "feColorMatrix", "feMerge", "feMergeNode"),
    )
)
ELSEWHERE = re.compile(r"url\(\s*['\"]?(?!#)|@import|javascript:|expression\(|\\", re.IGNORECASE)
LENGTH = re.compile(r"\s*([\d.]+)\s*(?:px)?\s*")


def svg_size(text: str) -> tuple[float, float]:
    """Validate an SVG and return its width and height in its own units.

    Raises ValueError naming what is not allowed.
    """
    size: list[tuple[float, float]] = []
    said: list[str] = []

    def opened(name: str, attributes: dict[str, str]) -> None:
        if not size:
            if name != f"{SVG} svg":
                raise ValueError(gettext_noop("This is no SVG."))
            size.append(size_of(attributes))
        check_element(name, attributes)

    def refuse_doctype(*_declaration: object) -> None:
        raise ValueError(gettext_noop("An SVG with a DOCTYPE is not accepted; save it as plain SVG."))

    parser = expat.ParserCreate(encoding="utf-8", namespace_separator=" ")
    parser.StartElementHandler = opened
    parser.StartDoctypeDeclHandler = refuse_doctype
    parser.ProcessingInstructionHandler = refuse_doctype
    parser.CharacterDataHandler = said.append
    try:
        parser.Parse(text.encode(), True)  # expat's own signature
    except expat.ExpatError as error:
        raise ValueError(gettext_noop("This SVG cannot be read.")) from error
    if ELSEWHERE.search("".join(said)):  # joined: browsers ignore element boundaries in a style
        raise ValueError(gettext_noop("The styles of this SVG load something from elsewhere."))
    return size[0]


def check_element(name: str, attributes: dict[str, str]) -> None:
    """Raises ValueError for an element or attribute that is not purely graphical."""
    namespace, _, local = name.rpartition(" ")  # whatever its prefix
    # Elements in the namespaces of editors are not rendered.
    if namespace in ALIVE or (namespace == SVG and local not in ELEMENTS):
        raise ValueError(f"<{local}> is not allowed in a logo.")
    for attribute, value in attributes.items():
        plain = attribute.rpartition(" ")[2].lower()
        if plain.startswith("on"):
            raise ValueError(f"The attribute {plain} is not allowed in a logo.")
        if plain == "href" and not value.startswith("#"):
            raise ValueError(gettext_noop("A logo must not link to or load anything from elsewhere."))
        if ELSEWHERE.search(value):
            raise ValueError(f"The attribute {plain} loads something from elsewhere.")


def size_of(attributes: dict[str, str]) -> tuple[float, float]:
    """The size from the view box, else from width and height. Raises ValueError without either."""
    box = re.split(r"[\s,]+", attributes.get("viewBox", "").strip())
    if len(box) == 4:
        return parse_length(box[2]), parse_length(box[3])
    found = [LENGTH.fullmatch(attributes.get(name, "")) for name in ("width", "height")]
    if not all(found):
        raise ValueError(gettext_noop("This SVG says neither its view box nor its size."))
    width, height = (parse_length(match[1]) for match in found if match)
    return width, height


def parse_length(number: str) -> float:
    """Parse a length. Raises ValueError unless it is a valid size."""
    try:
        if 0 < (found := float(number)) < 1e6:
            return found
    except ValueError:
        pass
    raise ValueError(gettext_noop("The size of this SVG cannot be right."))
