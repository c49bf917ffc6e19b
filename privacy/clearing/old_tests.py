"""Delete tests some days after they were made: by staff, by a mark, or by their address."""

from datetime import timedelta

from constance import config
from django.db import transaction
from django.db.models.functions import Now

from assessments.models import Assessment
from assessments.models.signs import Sign
from audit.models import SystemLog

BATCH = 200  # assessments of one transaction


def delete_tests() -> int:
    """Delete the tests older than TEST_RETENTION_DAYS with all that hangs on them; return how many.

    Their number stays in the figure `marked`.
    """
    age = timedelta(days=config.TEST_RETENTION_DAYS)
    old = Assessment.objects.filter(doubts__contains=[Sign.TEST], created_at__lt=Now() - age)
    deleted = 0
    while keys := list(old.order_by("created_at").values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic():
            Assessment.objects.filter(pk__in=keys).delete()
        deleted += len(keys)
    if deleted:
        SystemLog.objects.record("tests_deleted", "Tests were deleted", assessments=deleted)
    return deleted
