"""Frozen dataclasses as JSON values. Pure."""

from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from decimal import Decimal
from typing import Any


def to_plain(value: object) -> object:
    """Mappings, lists and single values; a dataclass without the fields that have their default value."""
    if is_dataclass(value):
        found = {each: getattr(value, each.name) for each in fields(value) if each.init}
        return {each.name: to_plain(given) for each, given in found.items() if _is_written(each, given)}
    if isinstance(value, tuple):
        return [to_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {key: to_plain(item) for key, item in value.items()}
    return str(value) if isinstance(value, Decimal) else value


def _is_written(of: Field[Any], given: object) -> bool:
    """Whether a value differs from its default; a field without a default is always written."""
    if of.default is not MISSING:
        return bool(given != of.default)
    return of.default_factory is MISSING or bool(given != of.default_factory())
