"""A finished A/B test of demonstration data: the headline of the landing page as a question."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from experiments.models import Experiment, Exposure, Placement, Variant

KEY = "demo-headline"
STARTED, STOPPED = timedelta(days=60), timedelta(days=4)  # ago
QUESTION = "question"
WORDINGS = {
    "statement": {
        "en": "Know where your AI stands in five minutes",
        "de": "In fünf Minuten wissen, wo Ihre KI steht",
    },
    QUESTION: {
        "en": "What does AI really bring your company?",
        "de": "Was bringt KI Ihrem Unternehmen wirklich?",
    },
}
MORE_FINISH = 0.1  # of those who saw the question
SEEN = (Path(__file__).parent / "sql/seen.sql").read_text()


def is_running(moment: datetime, now: datetime) -> bool:
    return now - STARTED <= moment <= now - STOPPED


def make_experiment(now: datetime) -> None:
    """Make the test, which has ended, so that it changes no landing page."""
    experiment, is_new = Experiment.objects.get_or_create(
        key=KEY,
        defaults={
            "place": Placement.LANDING_HEADLINE,
            "created_at": now - STARTED,
            "started_at": now - STARTED,
            "stopped_at": now - STOPPED,
        },
    )
    if is_new:
        for key, wording in WORDINGS.items():
            Variant.objects.create(experiment=experiment, key=key, wording=wording)


def write_exposures(cursor: Any, assessments: Sequence[str]) -> int:
    """Write who saw the headlines before these assessments; return how many."""
    cursor.execute(SEEN, {"key": KEY, "ids": [UUID(each) for each in assessments]})
    return int(cursor.rowcount)


def remove_experiment() -> None:
    Exposure.objects.filter(variant__experiment__key=KEY).delete()
    Experiment.objects.filter(key=KEY).delete()
