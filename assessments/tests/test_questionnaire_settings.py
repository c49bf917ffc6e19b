"""What a questionnaire says of itself and of its pages, beyond its questions."""

from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from assessments.lifecycle.consents import consent_boxes, consent_text
from assessments.models import Consent, Purpose
from assessments.qualification import LeadQuality
from assessments.tests.factories import AssessmentFactory, VersionFactory
from assessments.tests.test_adaptive_api import Api
from assessments.web.schemas import result_out
from experiments.models import Experiment, Placement, Variant
from experiments.running import experiments_at, running_experiments
from scorecard import versions
from scorecard.adaptive.paging import minutes_left
from scorecard.conditions import Condition
from scorecard.definition import Qualification
from scorecard.models import QuestionnaireVersion
from scorecard.tests.builders import four_areas
from scorecard.visibility import visible

pytestmark = pytest.mark.django_db

WORDS = "Send me news about security, now and then."


def published(**parts: Any) -> QuestionnaireVersion:
    made: QuestionnaireVersion = VersionFactory.create(content=replace(four_areas(), **parts))
    versions.clear_caches()
    return made


def test_a_questionnaire_asks_for_consent_in_its_own_words(settings: Any) -> None:
    settings.MAIL_IS_SET_UP = True
    own = published(consents={"marketing": WORDS})
    boxes = {box.purpose: (box.text, box.version) for box in consent_boxes(own.pk)}
    assert boxes[Purpose.MARKETING] == (WORDS, "v1")
    assert boxes[Purpose.RESULT][0] == consent_text(Purpose.RESULT)


def test_the_words_that_were_shown_are_recorded(
    client: Client, version: QuestionnaireVersion, settings: Any
) -> None:
    settings.MAIL_IS_SET_UP = True
    published(consents={"marketing": WORDS})
    api = Api(client, "sample")
    assert WORDS in [box["text"] for box in api.started.json()["consents"]]
    contact = {"email": "ada@engines.example"}
    api("save-progress", step=1, responses={}, contact=contact, consents={"marketing": True})
    assert Consent.objects.get().text == WORDS


def test_where_no_address_is_asked_nothing_is_kept_back() -> None:
    lead = AssessmentFactory.create(version=published(ask_address="never"), answers="E")
    assert result_out(lead).recommendations_unlocked
    assert result_out(lead).recommendations


def test_minutes_left_are_those_of_the_pages_that_follow() -> None:
    content = four_areas()
    sections = tuple(replace(section, estimated_time=3) for section in content.sections)
    timed = replace(content, sections=sections)
    assert minutes_left(timed, visible(timed, {}), 1) == 12
    assert minutes_left(timed, visible(timed, {}), 4) == 3


def test_questionnaires_can_be_listed_by_industry_and_tag(
    client: Client, version: QuestionnaireVersion
) -> None:
    published(industry="security", tags=("short",))
    for query in ("industry=security", "tag=short"):
        found = client.get(f"/api/questionnaires?{query}").json()
        assert [each["key"] for each in found] == ["sample"]
    assert client.get("/api/questionnaires?industry=none").json() == []


def test_a_rule_qualifies_by_answer() -> None:
    rule = Qualification(details=False, when=Condition("north_1", "eq", "A"))
    own = published(qualification=rule)
    best = AssessmentFactory.create(version=own, email="ada@engines.example", answers="A")
    worst = AssessmentFactory.create(version=own, email="bob@engines.example", answers="E")
    assert best.lead_quality == LeadQuality.EXECUTIVE_BRIEFING_QUALIFIED
    assert worst.lead_quality != LeadQuality.EXECUTIVE_BRIEFING_QUALIFIED


def test_an_experiment_of_one_questionnaire_leaves_the_others_alone() -> None:
    for key in ("", "sample"):
        experiment = Experiment.objects.create(
            key=f"words-{key or 'all'}", place=Placement.LANDING_HEADLINE, questionnaire=key
        )
        for name in ("a", "b"):
            Variant.objects.create(experiment=experiment, key=name, weight=1, wording={"en": name})
        experiment.start()
    running_experiments.forget()
    for key, expected in (("sample", "words-sample"), ("other", "words-all")):
        (found,) = experiments_at(Placement.LANDING_HEADLINE, questionnaire=key)
        assert found.key == expected
