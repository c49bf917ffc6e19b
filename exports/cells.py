"""The values of cells: text that no spreadsheet takes for a formula, moments with their zone. Pure."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

Cell = str | int | float | None

NOT_SHOWN = "(not shown)"  # a rule of the questionnaire hid the question
NOT_ASKED = "(not asked)"  # the version of the questionnaire does not have it
LEFT_BLANK = ""
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
LONGEST = 32_767  # characters in a cell of Excel


def defused(cell: Cell) -> Cell:
    """Put an apostrophe before text that a spreadsheet would run as a formula; numbers stay."""
    if isinstance(cell, str) and cell.lstrip(" \u00a0\ufeff").startswith(FORMULA):
        return f"'{cell}"
    return cell


def plain(value: object, zone: ZoneInfo) -> Cell:
    """Return a value as a cell: moments in ISO 8601 with their offset, yes and no, text without NUL."""
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
            return "; ".join(str(plain(each, zone) or "") for each in value)
    return str(value).replace("\x00", "")[:LONGEST]
