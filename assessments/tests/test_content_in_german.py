"""The questionnaire as people who read German see it, and the way between the languages."""

import html
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from assessments.models import Assessment, PrivacyLink
from assessments.results.result import result_of
from assessments.tests.browsing import Response, answer_step, finish, give_address, start
from assessments.tests.factories import AssessmentFactory, VersionFactory
from conftest import reality_check
from scorecard import versions
from scorecard.definition import Definition
from scorecard.models import QuestionnaireVersion

ONE = reverse("assessments:step", args=[1])


@pytest.fixture
def german(version: QuestionnaireVersion) -> Iterator[Client]:
    """A browser of somebody who reads German."""
    with translation.override("de"):
        yield Client(headers={"Accept-Language": "de"})


@pytest.fixture
def spoken(version: QuestionnaireVersion) -> Definition:
    return versions.get(version.pk).in_language("de")


def read(client: Client, path: str) -> str:
    return html.unescape(client.get(path).content.decode())


def results(assessment: Assessment) -> str:
    return reverse("assessments:results", args=[assessment.pk])


def test_the_landing_page_tells_in_german_what_it_is_about(german: Client, spoken: Definition) -> None:
    page = read(german, "/")
    assert spoken.description in page
    assert all(section.name in page for section in spoken.sections)


def test_a_step_asks_in_german(german: Client, spoken: Definition) -> None:
    start(german)
    page = read(german, ONE)
    for question in spoken.sections[0].questions:
        assert question.text in page
        assert question.help_text in page
        assert all(option.label in page for option in question.options)


def test_a_result_speaks_german_everywhere(
    german: Client, spoken: Definition, definition: Definition
) -> None:
    assessment = finish(german, spoken, "D", email="ada@engines.example")
    page = read(german, results(assessment))
    band, better = spoken.band("alert"), spoken.band("risk_zone")
    assert all(words in page for words in (band.name, band.message, *band.next_steps, better.name))
    for section in spoken.sections:
        advice = next(each for each in section.recommendations if each.level == "high")
        assert all(words in page for words in (section.name, advice.title, *advice.action_items))
        assert all(question.text in page for question in section.questions)
    own = [*definition.questions.values()]
    assert not any(question.text in page or question.options[3].label in page for question in own)


def test_who_changes_the_language_in_the_middle_keeps_every_answer(
    client: Client, german: Client, spoken: Definition, definition: Definition
) -> None:
    start(german)
    answer_step(german, spoken, 1, "B")
    client.cookies = german.cookies
    with translation.override("en"):
        assert definition.questions["value_assurance_1"].text in read(client, ONE)
        radios = re.findall(r'<input type="radio"[^>]*>', read(client, ONE))
        assert sum("checked" in radio for radio in radios) == 4
        for step in (2, 3, 4):
            answer_step(client, definition, step, "B")
        answered = give_address(client)
    assessment = Assessment.objects.get()
    assert answered["Location"] == results(assessment)
    assert assessment.responses == dict.fromkeys(definition.questions, "B")


def test_a_result_can_be_read_in_either_language(cold_lead: Assessment) -> None:
    own, german = result_of(cold_lead), result_of(cold_lead, "de")
    assert (own.total, own.band.key) == (german.total, german.band.key)
    assert own.band.name != german.band.name
    assert own.answers[0].lines[0].answer != german.answers[0].lines[0].answer


def test_an_assessment_of_a_version_without_translations_stays_readable(german: Client) -> None:
    old = VersionFactory.create(content=replace(reality_check(), key="old", language="", translations=()))
    assessment = AssessmentFactory.create(version=old, answers="C")
    assert result_of(assessment, "de") == result_of(assessment)


def test_content_that_falls_back_says_its_language(german: Client, version: QuestionnaireVersion) -> None:
    start(german)
    assert 'lang="en" dir="ltr"' not in read(german, "/step/1/")
    content = replace(reality_check(), translations=())
    VersionFactory.create(content=content, questionnaire=version.questionnaire, number=2, checksum="another")
    versions.clear_caches()
    german.cookies.clear()
    start(german)
    page = read(german, "/step/1/")
    assert f'<h1 lang="en" dir="ltr">{content.sections[0].name}</h1>' in page
    missing = read(german, "/step/1/?check=1")
    assert f'lang="en" dir="ltr">{content.sections[0].questions[0].text}</a>' in missing
    assert re.findall(r'<legend[^>]*>.*?<span lang="en" dir="ltr">([^<]+)</span>', page) == [
        question.text for question in content.sections[0].questions
    ]
    assert page.count('<div class="options" lang="en" dir="ltr">') == 4
    assert f'<h1 lang="en" dir="ltr">{content.landing.headline}</h1>' in read(
        Client(headers={"Accept-Language": "de"}), "/"
    )


def test_a_result_that_falls_back_says_its_language_wherever_it_is_shown(
    german: Client, spoken: Definition, version: QuestionnaireVersion
) -> None:
    assessment = finish(german, spoken, "D", email="ada@engines.example")
    german.post(f"/results/{assessment.pk}/share/")
    shared = german.get(results(assessment)).context["shared_url"]
    key = reverse("privacy:open", args=[PrivacyLink.objects.make(assessment)])
    pages = [results(assessment), shared, key]
    assert [page for page in pages if english_in(german.get(page, follow=True))] == []
    content = replace(reality_check(), translations=())
    own = version.questionnaire
    old = VersionFactory.create(content=content, questionnaire=own, number=2, checksum="another")
    Assessment.objects.update(version=old)
    result, on_link, on_privacy_page = (english_in(german.get(page, follow=True)) for page in pages)
    band, area = content.band("alert"), content.sections[0]
    question, advice = area.questions[0], area.recommendations[0]
    assert {band.name, band.message, area.name, question.text, advice.title, advice.description} <= result
    assert question.options[3].label in result
    assert {band.name, area.name} <= on_link
    assert question.text in on_privacy_page


def english_in(page: Response) -> set[str]:
    """What a page in another language marks as English: how each passage begins."""
    begins = re.findall(r'lang="en" dir="ltr">(?:\s*<[^>]+>)*([^<]+)', page.content.decode())
    return {html.unescape(words).strip() for words in begins}


def test_what_is_kept_for_the_back_office_is_in_the_questionnaires_own_language(
    german: Client, spoken: Definition, definition: Definition
) -> None:
    assessment = finish(german, spoken, "E")
    titles = {each.title for section in definition.sections for each in section.recommendations}
    assert set(assessment.recommendations or ["nothing"]) <= titles


def test_the_api_asks_and_answers_in_german(german: Client, spoken: Definition) -> None:
    sent = german.post("/api/assessment/start", {}, content_type="application/json").json()
    assert sent["questionnaire"]["name"] == spoken.name
