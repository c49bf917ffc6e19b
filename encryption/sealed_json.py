"""Personal values inside JSON columns, each encrypted by itself, so that the keys around them can be queried.

A sealed value is a string that begins with the mark of encrypted values. Reading opens it, in an object or
alone; writers say what is personal (`seal`, `seal_keys`). See encryption/keys.py.
"""

import json
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from django.db import models

from encryption.keys import MARK, key_ring

COLUMN = "answers"  # one name for all columns between which answers move
MARK_IN_JSON = json.dumps(MARK).strip('"')  # looking for it once costs less than looking at each value

if TYPE_CHECKING:  # generic only in the stubs
    JSONField = models.JSONField[Any, Any]
else:
    JSONField = models.JSONField


class SealedJSONField(JSONField):
    """JSON whose sealed values are opened when it is read."""

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        found = super().from_db_value(value, expression, connection)
        return found if isinstance(value, str) and MARK_IN_JSON not in value else open_json(found)


def seal_json(value: Any) -> Any:
    """The value as an encrypted string; as it is where encryption is off, or when there is none."""
    ring = key_ring()
    if value is None or not ring.encrypting:
        return value
    return ring.encrypt(COLUMN, json.dumps(value), searchable=False)


def seal_keys(values: Mapping[str, Any], personal: Collection[str]) -> dict[str, Any]:
    """The object with the values of its personal keys sealed."""
    return {key: seal_json(value) if key in personal else value for key, value in values.items()}


def open_json(stored: Any) -> Any:
    """The stored JSON with its sealed values opened. Raises KeyMissing."""
    if isinstance(stored, dict):
        return {key: opened_value(value) for key, value in stored.items()}
    return opened_value(stored)


def open_text(text: str) -> Any:
    """The same of JSON as text."""
    return open_json(json.loads(text)) if MARK_IN_JSON in text else json.loads(text)


def opened_value(stored: Any) -> Any:
    if not is_sealed(stored):
        return stored
    return json.loads(key_ring().decrypt(COLUMN, stored, searchable=False))


def sealed_anew(stored: Any) -> Any:
    """The stored JSON with its sealed values sealed by the first key."""
    if isinstance(stored, dict):
        return {key: sealed_anew(value) for key, value in stored.items()}
    return seal_json(opened_value(stored)) if is_sealed(stored) else stored


def is_sealed(stored: Any) -> bool:
    return isinstance(stored, str) and stored.startswith(MARK)
