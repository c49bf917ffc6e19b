"""Open sessions of demonstration data: people who are half-way through the form, some with an address."""

from collections.abc import Iterable

from assessments.models import AssessmentSession
from operations.demo.rows import DemoRows, Row, demo_address

WITH_ADDRESS = 0.6


def write_sessions(batch: Iterable[Row], rows: DemoRows) -> int:
    """Write the sessions of those who may still come back; return how many."""
    sessions = [
        AssessmentSession(
            assessment_id=row.session_id,
            current_step=row.open_at,
            total_steps=rows.version.definition.total_steps,
            email=demo_address(row.session_id) if rows.random.random() < WITH_ADDRESS else None,
            started_at=row.created_at,
            last_activity=row.created_at,
            expires_at=row.created_at + rows.open_for,
        )
        for row in batch
        if row.open_at is not None
    ]
    return len(AssessmentSession.objects.bulk_create(sessions))
