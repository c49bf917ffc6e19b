"""Remove the content of files whose rows are gone.

Whatever deletes such a row (a scrub, an erasure, a purge) notes the name, by a trigger. Removing twice is
harmless.
"""

import logging
from datetime import timedelta

from django.db.models.functions import Now

from files import content
from files.models import FileRemoval

BATCH = 200
PATIENCE = timedelta(minutes=10)  # longer than a request that may still be writing the file

logger = logging.getLogger(__name__)


def remove_files() -> int:
    """Remove one batch; returns how many are gone. What a store refuses stays for the next run."""
    noted = FileRemoval.objects.filter(created_at__lt=Now() - PATIENCE).order_by("created_at")
    removed = []
    for name in noted.values_list("name", flat=True)[:BATCH]:
        try:
            content.remove(name)
        except Exception as error:  # a store fails in its own ways; the next file may go
            logger.error("A file could not be removed from the store (%s)", type(error).__name__)
        else:
            removed.append(name)
    FileRemoval.objects.filter(pk__in=removed).delete()
    return len(removed)
