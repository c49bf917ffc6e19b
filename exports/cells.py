"""The values of cells: text that no spreadsheet takes for a formula, moments with their zone. Pure."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

Cell = str | int | float | None

NOT_SHOWN = "(not shown)"  # a rule of the questionnaire hid the question
NOT_ASKED = "(not asked)"  # the version of the questionnaire does not have it
LEFT_BLANK = ""
FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20", "\t", "\r", "\n", "|", "%")
LONGEST = 32_767  # units of UTF-16 in a cell of Excel: an emoji is two
NOT_IN_XML = str.maketrans("", "", "\x00\ufffe\uffff")


def defused(cell: Cell) -> Cell:
    """Put an apostrophe before text that a spreadsheet would run as a formula; numbers stay."""
    if isinstance(cell, str) and cell.lstrip(" \u00a0\ufeff").startswith(FORMULA):
        return fitting(f"'{cell}")
    return cell


def fitting(text: str) -> str:
    """Return a text as far as a cell holds it: of a longer one Excel shows nothing."""
    units = text.encode("utf-16-le", "surrogatepass")
    return text if len(units) <= 2 * LONGEST else units[: 2 * LONGEST].decode("utf-16-le", "ignore")


def plain(value: object, zone: ZoneInfo) -> Cell:
    """Return a value as a cell: moments in ISO 8601 with their offset, yes and no, text that XML can hold."""
    match value:
        case None:
            return None
        case bool():
            return "yes" if value else "no"
        case int() | float():
            return value
        case Decimal():
            return float(value)
        case datetime():
            return value.astimezone(zone).isoformat(timespec="seconds")
        case date():
            return value.isoformat()
        case list() | tuple():
            return fitting("; ".join(str(plain(each, zone) or "") for each in value))
    return fitting(str(value).translate(NOT_IN_XML))
