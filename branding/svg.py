"""Is an SVG a drawing and nothing else? What could run, load or link is refused, never repaired."""

import re
from xml.parsers import expat

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


def measured(text: str) -> tuple[float, float]:
    """Width and height of a harmless SVG, in its own units.

    Raises ValueError that names what is not allowed.
    """
    size: list[tuple[float, float]] = []

    def opened(name: str, attributes: dict[str, str]) -> None:
        if not size:
            if name != "svg":
                raise ValueError("This is no SVG.")
            size.append(size_of(attributes))
        check(name, attributes)

    def refuse_doctype(*_declaration: object) -> None:
        raise ValueError("An SVG with a DOCTYPE is not accepted; save it as plain SVG.")

    def words(text: str) -> None:
        if ELSEWHERE.search(text):
            raise ValueError("The styles of this SVG load something from elsewhere.")

    parser = expat.ParserCreate(encoding="utf-8")
    parser.buffer_text = True
    parser.StartElementHandler = opened
    parser.StartDoctypeDeclHandler = refuse_doctype
    parser.ProcessingInstructionHandler = refuse_doctype
    parser.CharacterDataHandler = words
    try:
        parser.Parse(text.encode(), True)  # expat's own signature
    except expat.ExpatError as error:
        raise ValueError("This SVG cannot be read.") from error
    return size[0]


def check(name: str, attributes: dict[str, str]) -> None:
    """Raises ValueError for an element or attribute that does more than draw."""
    local = name.rpartition(":")[2]
    ours = ":" not in name  # editors leave elements of their own, which draw nothing
    if ours and local not in ELEMENTS:
        raise ValueError(f"<{local}> is not allowed in a logo.")
    for attribute, value in attributes.items():
        plain = attribute.rpartition(":")[2].lower()
        if plain.startswith("on"):
            raise ValueError(f"The attribute {plain} is not allowed in a logo.")
        if plain == "href" and not value.startswith("#"):
            raise ValueError("A logo must not link to or load anything from elsewhere.")
        if attribute.startswith("xmlns"):
            continue
        if ELSEWHERE.search(value):
            raise ValueError(f"The attribute {plain} loads something from elsewhere.")


def size_of(attributes: dict[str, str]) -> tuple[float, float]:
    """From the view box, else from width and height. Raises ValueError without either."""
    box = re.split(r"[\s,]+", attributes.get("viewBox", "").strip())
    if len(box) == 4:
        width, height = (float(number) for number in box[2:])
    else:
        found = [LENGTH.fullmatch(attributes.get(name, "")) for name in ("width", "height")]
        if not all(found):
            raise ValueError("This SVG says neither its view box nor its size.")
        width, height = (float(match[1]) for match in found if match)
    if not (0 < width < 1e6 and 0 < height < 1e6):
        raise ValueError("The size of this SVG cannot be right.")
    return width, height
