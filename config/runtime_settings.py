"""Where django-constance keeps the settings that an operator changes while the product runs.

Constance's own backend costs a query for each value, or needs a Redis that must be up. The form reads
these settings on every request, so each process keeps a snapshot and looks again after a few seconds.
"""

import logging
import time
from typing import Any

from constance import settings as constance_settings
from constance.backends.database import DatabaseBackend
from constance.codecs import loads
from django.db import transaction

SNAPSHOT_SECONDS = 5.0


class SnapshotBackend(DatabaseBackend):
    """The table of values, read whole at most once in `SNAPSHOT_SECONDS` in each process."""

    def __init__(self) -> None:
        super().__init__()
        self._values: dict[str, Any] = {}
        self._good_until = 0.0

    def get(self, key: str) -> Any:
        """The value an operator set, else the default: reading never writes a row, as constance would."""
        if time.monotonic() >= self._good_until:
            self._look_again()
        return self._values[key]

    def set(self, key: str, value: Any) -> None:
        """Keep a value; the record that a receiver makes of the change is kept with it, or neither is."""
        with transaction.atomic():
            super().set(key, value)
        self._good_until = 0.0

    def forget(self) -> None:
        """Look again at the next read."""
        self._good_until = 0.0

    def _stored(self) -> dict[str, Any]:
        """What operators set. Raises DatabaseError.

        Constance's own `mget` takes an outage for a table without values: every process would then live by
        the defaults for a while, and send what was switched off or scrub what should stay.
        """
        names = {self.add_prefix(key): key for key in constance_settings.CONFIG}
        rows = self._model._default_manager.filter(key__in=names)
        return {names[row.key]: loads(row.value) for row in rows}

    def _look_again(self) -> None:
        defaults = {key: definition[0] for key, definition in constance_settings.CONFIG.items()}
        self._values = defaults | self._stored()
        self._good_until = time.monotonic() + SNAPSHOT_SECONDS
        verbose = self._values["DEBUG_LOGGING_ENABLED"]
        logging.getLogger().setLevel(logging.DEBUG if verbose else logging.INFO)
