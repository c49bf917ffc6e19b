"""The scrub: every personal value past its retention, wherever the data map says it lies."""

from audit.models import SystemLog
from privacy.retention import Cleared, Progress, clear, due, retained, unseen

SESSIONS = "assessment_sessions"  # their answers move on before the row goes: privacy/sessions.py


def count_due() -> list[Cleared]:
    """How many rows of each table a scrub would clear now."""
    return [
        Cleared(name, due(name, table, retention).count())
        for name, table, retention in retained()
        if name != SESSIONS
    ]


def scrub(progress: Progress = unseen) -> list[Cleared]:
    """Clear all that is due and write down the counts."""
    cleared = [
        clear(name, table, retention, progress) for name, table, retention in retained() if name != SESSIONS
    ]
    SystemLog.objects.record(
        "email_scrub",
        "Personal data past its retention was scrubbed",
        records_scrubbed={each.table: each.rows for each in cleared if each.rows},
    )
    return cleared
