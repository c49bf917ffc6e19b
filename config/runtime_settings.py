"""The django-constance backend for run-time settings.

Constance's own backends need a query per value, or Redis. The form reads these settings on every request, so
each process caches a snapshot for a few seconds.
"""

import logging
from typing import Any

from constance import settings as constance_settings
from constance.backends.database import DatabaseBackend
from constance.codecs import loads
from django.db import transaction

from web.snapshot import Snapshot


class SnapshotBackend(DatabaseBackend):
    """A database backend that reads all values at once, every few seconds in each process."""

    def __init__(self) -> None:
        super().__init__()
        self._values = Snapshot(self._read_all)

    def get(self, key: str) -> Any:
        """The stored value, else the default. Unlike constance's, reading never writes a row."""
        return self._values()[key]

    def set(self, key: str, value: Any) -> None:
        """Store a value, in one transaction with the audit record that a signal receiver writes."""
        with transaction.atomic():
            super().set(key, value)
        self._values.forget()

    def forget(self) -> None:
        """Invalidate the snapshot."""
        self._values.forget()

    def _stored(self) -> dict[str, Any]:
        """All stored values. Raises DatabaseError.

        Constance's own `mget` treats an outage as an empty table: processes would fall back to the defaults,
        and send what was disabled or delete data before its retention period ends.
        """
        names = {self.add_prefix(key): key for key in constance_settings.CONFIG}
        rows = self._model._default_manager.filter(key__in=names)
        return {names[row.key]: loads(row.value) for row in rows}

    def _read_all(self) -> dict[str, Any]:
        defaults = {key: definition[0] for key, definition in constance_settings.CONFIG.items()}
        values = defaults | self._stored()
        logging.getLogger().setLevel(logging.DEBUG if values["DEBUG_LOGGING_ENABLED"] else logging.INFO)
        return values
