"""Validate and normalise property values. Pure: text in, text out or BadValue."""

import re
from datetime import UTC, date, datetime

from hubspot_simulator.account.schema import Property

LONGEST = 65_536
EMAIL = re.compile(r"[^@\s,;<>\"()]+@[^@\s.,;<>\"()]+(\.[^@\s.,;<>\"()]+)*\.[a-z]{2,63}", re.IGNORECASE)
NUMBER = re.compile(r"-?\d+(\.\d+)?")
EPOCH = re.compile(r"-?\d{1,15}")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
NO_SUCH_DOMAINS = (".con",)


class BadValue(Exception):
    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def normalise(definition: Property, text: str, *, current: str = "", lenient: bool = False) -> str:
    """Normalise a value that is not empty to the text that is stored.

    `current` is the stored value (a leading `;` appends to it); `lenient` rounds a date to its day, as the
    2026-09 API does. Raises BadValue with HubSpot's code.
    """
    if len(text) > LONGEST or "\0" in text:
        raise BadValue("INVALID_STRING", "The value is too long or holds a control character")
    match definition.type:
        case "enumeration":
            return _choices(definition, text, current)
        case "bool":
            return _choice(("true", "false"), text)
        case "number":
            return _number(text)
        case "date":
            return _date(text, lenient=lenient)
        case "datetime":
            return instant(_moment(text, "INVALID_DATE"))
        case _:
            return text


def email(text: str) -> str:
    """The address in lower case. Refusing surrounding spaces is our own invention."""
    folded = text.lower()
    if len(folded) > 254 or not EMAIL.fullmatch(folded) or folded.endswith(NO_SUCH_DOMAINS):
        raise BadValue("INVALID_EMAIL", f"Email address {text} is invalid")
    return folded


def instant(moment: datetime) -> str:
    """ISO 8601 with milliseconds and Z, HubSpot's format for every time."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _choices(definition: Property, text: str, current: str) -> str:
    allowed = tuple(option.value for option in definition.options)
    if definition.field_type != "checkbox":
        return _choice(allowed, text)
    chosen = [_choice(allowed, part) for part in text.split(";") if part]
    if text.startswith(";"):
        chosen = [part for part in current.split(";") if part] + chosen
    return ";".join(dict.fromkeys(chosen))


def _choice(allowed: tuple[str, ...], text: str) -> str:
    if text not in allowed:
        raise BadValue("INVALID_OPTION", f"{text} was not one of the allowed options: [{', '.join(allowed)}]")
    return text


def _number(text: str) -> str:
    if not NUMBER.fullmatch(text):
        raise BadValue("INVALID_LONG", f"{text} was not a valid long.")
    return text


def _date(text: str, *, lenient: bool) -> str:
    if DAY.fullmatch(text):
        try:
            return date.fromisoformat(text).isoformat()
        except ValueError:
            raise BadValue("INVALID_DATE", f"{text} was not a valid date.") from None
    moment = _moment(text, "INVALID_DATE")
    if not lenient and moment != moment.replace(hour=0, minute=0, second=0, microsecond=0):
        clock = moment.time().isoformat(timespec="milliseconds")
        raise BadValue("INVALID_DATE", f"{text} is at {clock} UTC, not midnight!")
    return moment.date().isoformat()


def _moment(text: str, code: str) -> datetime:
    try:
        if EPOCH.fullmatch(text):
            return datetime.fromtimestamp(int(text) / 1000, UTC)
        moment = datetime.fromisoformat(text)
    except (ValueError, OverflowError, OSError):
        raise BadValue(code, f"{text} was not a valid date.") from None
    if moment.tzinfo is None:
        raise BadValue(code, f"{text} has no time zone.")
    return moment.astimezone(UTC)
