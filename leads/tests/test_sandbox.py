"""The score sandbox: a draft replays past answers, and writes nothing."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.test import Client

from accounts.tests.people import logged_in, member
from assessments.models import Assessment
from assessments.tests.factories import AssessmentFactory
from conftest import CONTENT
from leads.figures.sandbox import replay, replay_draft
from scorecard.content.files import read_questionnaire
from scorecard.content.loading import load_draft as load
from scorecard.definition import Definition
from scorecard.models import Question, Questionnaire, QuestionnaireVersion

SANDBOX = "/admin/leads/lead/sandbox/"


def test_a_draft_like_the_published_version_moves_nobody(definition: Definition) -> None:
    past = [(dict.fromkeys(definition.questions, letter), depth) for letter in "ABCDE" for depth in range(5)]
    found = replay(definition, definition, past)
    assert (found.replayed, found.moved) == (25, 0)
    assert found.before == found.after
    assert found.qualified_before == found.qualified_after


def test_other_weights_move_people_and_change_who_qualifies(definition: Definition) -> None:
    areas = {area.key: "E" if area.key == "governance" else "A" for area in definition.areas}
    answers = {question.key: areas[area.key] for area in definition.areas for question in area.questions}
    heavy = replace(
        definition,
        sections=tuple(
            replace(section, weight=Decimal(97 if section.key == "governance" else 1))
            for section in definition.sections
        ),
    )
    found = replay(heavy, definition, [(answers, 1)])
    assert found.moves == {("champion", "crisis"): 1}
    assert (found.qualified_before, found.qualified_after) == (0, 1)


@pytest.mark.django_db
def test_the_page_shows_both_side_by_side_and_scrubbed_ones_take_part(
    hot_lead: Assessment, erased_lead: Assessment, version: QuestionnaireVersion
) -> None:
    load_draft()
    AssessmentFactory.create(version=version, doubts=["test"])
    page = logged_in(member("Content editor")).get(SANDBOX).content.decode()
    assert "2 assessments replayed, 0 would move" in page


@pytest.mark.django_db
def test_points_of_the_draft_count(hot_lead: Assessment) -> None:
    questionnaire = load_draft()
    for question in Question.objects.filter(section__questionnaire=questionnaire):
        for option in question.options:
            if "points" in option:
                option["points"] = 25 if option["id"] == "D" else option["points"]
        question.save(update_fields=["options"])
    found, _, _ = replay_draft(questionnaire)
    assert (found.total_before, found.total_after) == (20, 100)
    assert Assessment.objects.get().total_score == 20


def change_points(points: int) -> None:
    for question in Question.objects.filter(section__questionnaire=load_draft()):
        for option in question.options:
            if "points" in option:
                option["points"] = points if option["id"] == "D" else option["points"]
        question.save(update_fields=["options"])


@pytest.mark.django_db
def test_everybody_may_move(hot_lead: Assessment, erased_lead: Assessment) -> None:
    Assessment.objects.update(responses=hot_lead.responses)
    change_points(25)
    page = page_of_sandbox()
    assert "2 assessments replayed, 2 would move" in page
    assert "Who moves where" in page


@pytest.mark.django_db
def test_nobody_may_move(hot_lead: Assessment, cold_lead: Assessment) -> None:
    change_points(5)
    page = page_of_sandbox()
    assert "2 assessments replayed, 0 would move" in page
    assert "Who moves where" not in page


@pytest.mark.django_db
def test_without_a_past_there_is_nothing_to_replay(version: QuestionnaireVersion) -> None:
    load_draft()
    assert "0 assessments replayed, 0 would move" in page_of_sandbox()


@pytest.mark.django_db
def test_answers_that_the_draft_no_longer_offers_earn_nothing(hot_lead: Assessment) -> None:
    first, second, *_ = Question.objects.filter(section__questionnaire=load_draft(), section__weight__gt=0)
    first.options = [option for option in first.options if option["id"] != "D"]
    first.save(update_fields=["options"])
    second.delete()
    assert "1 assessment replayed" in page_of_sandbox()


def page_of_sandbox() -> str:
    response = logged_in(member("Content editor")).get(SANDBOX)
    assert response.status_code == 200
    return str(response.content.decode())


def test_sales_have_no_draft_to_play_with(sales: Client) -> None:
    assert sales.get(SANDBOX).status_code == 403


def load_draft() -> Questionnaire:
    """The draft of the published questionnaire, from its file."""
    load(read_questionnaire(CONTENT))
    return Questionnaire.objects.get()
