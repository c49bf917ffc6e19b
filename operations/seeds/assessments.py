"""Test assessments, one for each state that matters, made by the steps that a visitor takes.

They are marked as tests: they count in no figure and are sent nowhere, and TEST_RETENTION_DAYS deletes them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models.functions import Now

from assessments.lifecycle.services import open_session, save_progress, start_assessment
from assessments.lifecycle.submit import submit_assessment
from assessments.lifecycle.visitors import Visitor
from assessments.models import Assessment, AssessmentSession
from assessments.models.signs import Sign
from operations.seeds.users import DOMAIN
from scorecard.definition import Definition
from scorecard.versions import PublishedVersion
from scorecard.visibility import visible

SOURCE = "seed_test"
TIME_TAKEN = timedelta(minutes=8)
COMPANY = {"first_name": "Test", "last_name": "Person", "company": "Test Company"}
EVERYTHING = {**COMPANY, "phone": "+49 30 1234567"}


@dataclass(frozen=True, slots=True)
class Scenario:
    """How ready the answers are, from 0 (the best option) to 1 (the last); which of them; what contact."""

    name: str
    readiness: float
    contact: dict[str, str]
    answered: float = 1.0  # share of the questions
    has_address: bool = True


SCENARIOS = (
    Scenario("best", 0, EVERYTHING),
    Scenario("good", 0.25, COMPANY),
    Scenario("middle", 0.5, EVERYTHING),
    Scenario("low", 0.75, {}),
    Scenario("worst", 1, COMPANY),
    Scenario("anonymous", 0.5, {}, has_address=False),
    Scenario("unfinished", 0.5, {}, answered=0.5, has_address=False),
)


def seeded() -> Any:
    """The test assessments that `seed_test` made."""
    return Assessment.objects.filter(doubts__contains=[Sign.TEST], utm__utm_source=SOURCE)


def missing_scenarios() -> list[Scenario]:
    there = set(seeded().values_list("utm__utm_content", flat=True))
    return [scenario for scenario in SCENARIOS if scenario.name not in there]


def play_all(version: PublishedVersion, scenarios: list[Scenario]) -> Iterator[Scenario]:
    """Make the assessments of these scenarios, each whole or not at all. Raises Incomplete."""
    for scenario in scenarios:
        with transaction.atomic():
            play(version, scenario)
        yield scenario


def play(version: PublishedVersion, scenario: Scenario) -> None:
    utm = {"utm_source": SOURCE, "utm_content": scenario.name}
    started = start_assessment(version, Visitor(utm=utm, signs=(Sign.TEST,)))
    began = AssessmentSession.objects.filter(pk=started.session.pk)
    began.update(started_at=Now() - TIME_TAKEN)
    address = {"email": f"{scenario.name}@{DOMAIN}"} if scenario.has_address else {}
    save_progress(
        open_session(started.token),
        step=0,
        answers=answers_by_readiness(version.definition, scenario),
        contact={**address, **scenario.contact},
    )
    if scenario.answered == 1:
        submit_assessment(started.token)


def answers_by_readiness(definition: Definition, scenario: Scenario) -> dict[str, Any]:
    """Choose by readiness wherever options are worth points, as far as the scenario goes."""
    given = {}
    scored = [
        question
        for question in definition.questions.values()
        if question.type == "SINGLE_CHOICE" and question.options
    ]
    for question in scored[: round(scenario.answered * len(scored))]:
        known = [option for option in question.options or () if not option.unknown]
        best_first = sorted(known, key=lambda option: -(option.points or 0))
        given[question.key] = best_first[round(scenario.readiness * (len(best_first) - 1))].id
    return visible(definition, given).answers(given)


def delete_seeded() -> int:
    """Delete them; return how many. Their number stays in the figure `marked`."""
    with transaction.atomic():
        keys = list(seeded().values_list("pk", flat=True))
        Assessment.objects.filter(pk__in=keys).delete()
    return len(keys)
