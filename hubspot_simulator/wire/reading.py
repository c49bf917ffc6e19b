"""Parse the JSON of a request, with HubSpot's refusals: 400 without a category."""

import json
from typing import NoReturn

from hubspot_simulator.wire import errors
from hubspot_simulator.wire.messages import Json, Request


def body(request: Request) -> Json:
    """The JSON object in the request. Raises Refusal 400 for none, malformed JSON, or another type."""
    if not request.body.strip():
        raise errors.no_body()
    return as_object(_parse(request.body), "the request body")


def items(request: Request) -> list[object]:
    """The JSON list in the request (as for typed associations)."""
    if not request.body.strip():
        raise errors.no_body()
    return as_list(_parse(request.body), "the request body")


def as_object(value: object, where: str) -> Json:
    if isinstance(value, dict):
        return value
    raise _shape("java.util.LinkedHashMap", where)


def as_list(value: object, where: str) -> list[object]:
    if isinstance(value, list):
        return value
    raise _shape("java.util.ArrayList", where)


def as_text(value: object, where: str) -> str:
    if isinstance(value, str):
        return value
    raise _shape("java.lang.String", where)


def as_optional_text(value: object, where: str) -> str | None:
    return None if value is None else as_text(value, where)


def as_texts(value: object, where: str) -> dict[str, str]:
    """Property values as strings, including numbers and booleans."""
    return {name: as_text(text, f"{where}.{name}") for name, text in as_object(value, where).items()}


def _shape(java_type: str, where: str) -> errors.Refusal:
    return errors.bad_json(f"line 1, column 1: Cannot deserialize value of type `{java_type}` from {where}")


def _parse(raw: bytes) -> object:
    try:
        value: object = json.loads(raw.decode(), parse_constant=_no_constant)
        if b"\\ud" in raw.lower():
            json.dumps(value, ensure_ascii=False).encode()  # a lone surrogate cannot be stored
    except json.JSONDecodeError as error:
        raise errors.bad_json(f"line {error.lineno}, column {error.colno}: {error.msg}") from None
    except (ValueError, RecursionError):
        raise errors.bad_json("line 1, column 1: not readable as UTF-8 JSON") from None
    return value


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)
