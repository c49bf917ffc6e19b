"""Questionnaires in the back office."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from scorecard import versions
from scorecard.models import Questionnaire, QuestionnaireVersion
from scorecard.publishing import publish
from scorecard.tests.factories import publishable_draft

pytestmark = pytest.mark.django_db

DRAFTS = "/admin/scorecard/questionnaire/"
VERSIONS = "/admin/scorecard/questionnaireversion/"


def test_a_draft_shows_its_sections_questions_and_bands(operator: Client) -> None:
    draft = publishable_draft()
    page = operator.get(reverse("admin:scorecard_questionnaire_change", args=[draft.pk])).content.decode()
    for words in ("What it brings.", "How do you track it?", "Builder", "Not published yet"):
        assert words in page


def test_the_list_says_how_much_is_asked_and_what_is_published(operator: Client) -> None:
    publishable_draft()
    page = operator.get(DRAFTS).content.decode()
    assert "Not published yet" in page
    assert operator.get(DRAFTS).context["cl"].result_list[0].asked == 4


def test_a_version_shows_what_respondents_see(operator: Client) -> None:
    version = publish(publishable_draft())
    page = operator.get(reverse("admin:scorecard_questionnaireversion_change", args=[version.pk]))
    for words in ("weighs 60 %", "A: Answer A", "25 points", "80 to 100", "You are on the way."):
        assert words in page.content.decode()


def test_not_even_an_admin_edits_them_here(admin_client: Client) -> None:
    version = publish(publishable_draft())
    for name, row in (("questionnaire", version.questionnaire), ("questionnaireversion", version)):
        change = reverse(f"admin:scorecard_{name}_change", args=[row.pk])
        assert admin_client.post(change, {"name": "Mine"}).status_code == 403


@pytest.mark.parametrize("rows", [1, 30])
@pytest.mark.parametrize("path", [DRAFTS, VERSIONS])
def test_the_lists_take_a_fixed_number_of_queries(
    operator: Client, path: str, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(rows):
        publish(publishable_draft(f"draft_{number}"))
    operator.get(path)
    with django_assert_num_queries(7):
        operator.get(path)


def test_a_draft_names_its_languages_and_the_texts_they_lack(operator: Client) -> None:
    draft = publishable_draft()
    Questionnaire.objects.update(translations={"de": {"name": "Wie echt?"}})
    page = operator.get(reverse("admin:scorecard_questionnaire_change", args=[draft.pk])).content.decode()
    assert "German (de): 62 missing" in page
    assert "translation de, band crisis, next step 1" in page


def test_a_draft_that_is_no_questionnaire_yet_can_be_looked_at(operator: Client) -> None:
    draft = publishable_draft()
    Questionnaire.objects.update(translations={"de": "?"})
    page = operator.get(reverse("admin:scorecard_questionnaire_change", args=[draft.pk])).content.decode()
    assert "The draft cannot be read" in page


def test_a_version_can_be_read_in_each_of_its_languages(
    operator: Client, version: QuestionnaireVersion
) -> None:
    path = reverse("admin:scorecard_questionnaireversion_change", args=[version.pk])
    german = versions.get(version.pk).in_language("de")
    assert german.name in operator.get(path, {"in": "de"}).content.decode()
    assert german.name not in (page := operator.get(path).content.decode())
    assert 'href="?in=de"' in page
