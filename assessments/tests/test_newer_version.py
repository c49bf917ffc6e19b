"""A newer version breaks no open session; who asks for it takes along the answers that still fit."""

from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from assessments.lifecycle.answer_validation import fitting_answers
from assessments.models import Assessment, AssessmentSession
from assessments.tests.factories import AssessmentFactory, InvitationFactory, InvitedAssessmentFactory
from assessments.tests.test_adaptive_api import ANSWERS, Api, api, everything
from scorecard import versions
from scorecard.definition import Definition, Question, freeze
from scorecard.models import QuestionnaireVersion
from scorecard.publishing import publish_frozen
from scorecard.tests.examples import EVERYTHING, read_once

__all__ = ["api", "everything"]  # fixtures


def changed(definition: Definition, key: str, **parts: Any) -> Definition:
    """The definition with one question otherwise; without it if there are no parts."""
    sections = tuple(
        replace(
            section,
            questions=tuple(
                replace(each, **parts) if each.key == key else each
                for each in section.questions
                if each.key != key or parts
            ),
        )
        for section in definition.sections
    )
    return replace(definition, sections=sections, rules=() if not parts else definition.rules)


@pytest.fixture(scope="module")
def whole() -> Definition:
    return read_once(EVERYTHING).definition()


def without(question: Question, part: str, id: str) -> Any:
    return tuple(each for each in getattr(question, part) if each.id != id)


def test_all_answers_fit_where_nothing_changed_but_files(whole: Definition) -> None:
    files = {"plan": [{"id": "5d0c1f6a-0000-4000-8000-000000000001", "name": "a", "size": 1, "mimeType": ""}]}
    assert fitting_answers(whole, whole, ANSWERS | files) == ANSWERS


@pytest.mark.parametrize(
    ("key", "change"),
    [
        ("site", lambda question: {}),
        ("story", lambda question: {"type": "TEXT"}),
        ("tested", lambda question: {"options": without(question, "options", "A")}),
        ("kinds", lambda question: {"options": without(question, "options", "browser")}),
        ("kinds", lambda question: {"validation": {"maxSelected": 1}}),
        ("parts", lambda question: {"rows": without(question, "rows", "looks")}),
        ("parts", lambda question: {"columns": without(question, "columns", "bad")}),
        ("trust", lambda question: {"scale": replace(question.scale, max=5)}),
        ("people", lambda question: {"validation": {"max": 10}}),
        ("since", lambda question: {"validation": {"min": "2026-06-01"}}),
        ("name", lambda question: {"validation": {"maxLength": 3}}),
    ],
)
def test_an_answer_that_its_question_no_longer_takes_is_left_behind(
    whole: Definition, key: str, change: Any
) -> None:
    newer = changed(whole, key, **change(whole.questions[key]))
    expected = {other: answer for other, answer in ANSWERS.items() if other != key}
    assert fitting_answers(whole, newer, ANSWERS) == expected


def publish_newer(version: QuestionnaireVersion, whole: Definition) -> QuestionnaireVersion:
    """Without a site, and with one kind of test fewer."""
    kinds = without(whole.questions["kinds"], "options", "browser")
    newer = changed(changed(whole, "site"), "kinds", options=kinds)
    found = publish_frozen(version.questionnaire, freeze(newer))
    versions.clear_caches()
    return found


LEFT = {key: answer for key, answer in ANSWERS.items() if key not in ("site", "kinds")}


def test_an_open_session_goes_on_as_it_began(
    api: Api, everything: QuestionnaireVersion, whole: Definition
) -> None:
    api.save(**ANSWERS)
    publish_newer(everything, whole)
    assert api.save(site="https://other.example/").json()["responses"]["kinds"] == ["unit", "browser"]
    assert api("submit").status_code == 200
    assert Assessment.objects.get().version == everything


def test_who_comes_back_is_offered_the_newer_version_and_takes_answers_along(
    client: Client, everything: QuestionnaireVersion, whole: Definition
) -> None:
    client.post("/everything/start/")
    AssessmentSession.objects.update(responses=ANSWERS)
    assert "Take my answers along" not in client.get("/everything/resume/").content.decode()
    newer = publish_newer(everything, whole)
    assert "Take my answers along" in client.get("/everything/resume/").content.decode()
    moved = client.post("/everything/start/", {"take_along": "1"})
    assert moved["Location"] == "/everything/step/1/"
    session = AssessmentSession.objects.get(assessment__version=newer)
    assert session.responses == LEFT
    assert b'value="Phoenix"' in client.get("/everything/step/1/").content
    assert "Take my answers along" not in client.get("/everything/resume/").content.decode()


def test_to_start_over_takes_nothing_along(
    client: Client, everything: QuestionnaireVersion, whole: Definition
) -> None:
    client.post("/everything/start/")
    AssessmentSession.objects.update(responses=ANSWERS)
    newer = publish_newer(everything, whole)
    client.post("/everything/start/", {"start_over": "1"})
    assert AssessmentSession.objects.get(assessment__version=newer).responses == {}


def test_who_was_invited_to_compare_stays_on_the_version_of_the_other(
    client: Client, version: QuestionnaireVersion, everything: QuestionnaireVersion, whole: Definition
) -> None:
    client.post("/everything/start/")
    invitation = InvitationFactory.create(assessment=AssessmentFactory.create(version=version))
    InvitedAssessmentFactory.create(
        invitation=invitation, assessment=Assessment.objects.get(version=everything)
    )
    publish_newer(everything, whole)
    assert "Take my answers along" not in client.get("/everything/resume/").content.decode()


def test_a_program_takes_answers_along(api: Api, everything: QuestionnaireVersion, whole: Definition) -> None:
    api.save(**ANSWERS)
    assert api.client.get("/api/assessment/resume").json()["newerVersion"] is False
    newer = publish_newer(everything, whole)
    assert api.client.get("/api/assessment/resume").json()["newerVersion"] is True
    started = api("start", questionnaire="everything", keepAnswers=True)
    assert (started.status_code, started.json()["responses"]) == (201, LEFT)
    assert started.json()["progress"]["answered"] == len(LEFT)
    assert AssessmentSession.objects.filter(assessment__version=newer).count() == 1


def test_only_of_the_same_questionnaire_and_only_while_it_is_open(
    api: Api, version: QuestionnaireVersion
) -> None:
    api.save(**ANSWERS)
    other = api("start", questionnaire="ai_reality_check", keepAnswers=True)
    assert other.json()["responses"] == {}
    api.client.cookies.clear()
    assert api("start", questionnaire="everything", keepAnswers=True).json()["responses"] == {}
