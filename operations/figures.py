"""Every figure that apps declare in `AppConfig.figures`, as JSON values."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.utils.module_loading import import_string

from web.backoffice import declarations


def all_figures(now: datetime) -> dict[str, list[dict[str, Any]]]:
    """The rows of each figure by name, unaffected by scrubs and purges. `now` is aware.

    The exception is the queue, whose waiting rows a purge may delete.
    """
    found = [import_string(path)(now) for path in declarations("figures")]
    return {name: [asdict(row) for row in rows] for each in found for name, rows in each.items()}
