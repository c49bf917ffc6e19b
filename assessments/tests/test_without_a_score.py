"""A questionnaire without a score is published, answered, finished and shown like any other."""

from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.tests.people import logged_in, member
from assessments.lifecycle import services
from assessments.models import Assessment, AssessmentSession
from assessments.tests.factories import VersionFactory
from assessments.tests.test_adaptive_api import Api
from scorecard.models import QuestionnaireVersion
from scorecard.tests.examples import read_once
from tests.tokens import without_tokens

INTAKE = settings.BASE_DIR / "scorecard/content/client_intake.yaml"
ANSWERS: dict[str, Any] = {
    "organisation_name": "Analytical Engines",
    "size": "A",
    "project_goal": "Fewer errors in our tables.",
    "fields": ["software"],
    "urgency": 3,
}


@pytest.fixture
def finished(client: Client, version: QuestionnaireVersion) -> Assessment:
    VersionFactory.create(content=read_once(INTAKE).definition())
    api = Api(client, "client_intake")
    api.save(**ANSWERS)
    answer = api("submit", contact={"email": "ada@engines.example"})
    assert answer.status_code == 200, answer.content
    assert answer.json()["totalScore"] is None
    assert answer.json()["category"] is None
    return Assessment.objects.get()


def test_it_has_no_score_and_no_category(finished: Assessment) -> None:
    assert (finished.total_score, finished.score_category, finished.score_breakdown) == (None, None, None)
    assert finished.lead_quality == "basic"


def test_its_last_page_thanks_and_lists_the_answers(client: Client, finished: Assessment) -> None:
    page = client.get(reverse("assessments:results", args=[finished.pk]))
    words = page.content.decode()
    assert "Thank you, we have what we need" in words
    assert "Fewer errors in our tables." in words
    assert "of 100" not in words


def test_its_report_prints(client: Client, finished: Assessment) -> None:
    report = client.get(reverse("assessments:report", args=[finished.pk]))
    assert report["Content-Type"] == "application/pdf"


def test_its_lead_opens_in_the_back_office(client: Client, finished: Assessment) -> None:
    staff = logged_in(member("Sales"))
    page = staff.get(reverse("admin:leads_lead_change", args=[finished.pk]))
    assert page.status_code == 200
    assert "Fewer errors in our tables." in page.content.decode()
    assert staff.get(reverse("admin:leads_lead_changelist")).status_code == 200


def test_coming_back_says_that_it_is_finished(client: Client, finished: Assessment) -> None:
    assert client.get("/").status_code == 200


def test_its_landing_page_has_the_authors_words_and_promises_no_score(
    client: Client, finished: Assessment
) -> None:
    words = client.get("/client_intake/").content.decode()
    assert "Let us prepare for your project" in words
    assert "Start the intake" in words
    assert "A score from 0 to 100" not in words


def test_the_page_for_the_address_promises_no_score(client: Client, version: QuestionnaireVersion) -> None:
    VersionFactory.create(content=read_once(INTAKE).definition())
    client.post("/client_intake/start/")
    session = AssessmentSession.objects.get()
    services.save_progress(session, step=3, answers=ANSWERS)
    words = client.get("/client_intake/address/").content.decode()
    assert "Leave your e&#8209;mail address if we may get back to you." in words
    assert "score" not in without_tokens(words.partition("<main")[2].partition("</main>")[0])
