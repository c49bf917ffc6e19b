"""A score on a link: made and withdrawn by its owner, and never telling who."""

from datetime import timedelta

import pytest
from constance.test import override_config
from django.db.models import F
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.models import Assessment, AssessmentLink, AssessmentSession, LinkPurpose
from assessments.models.assessment_link import token_of
from assessments.tests.browsing import finish, start
from assessments.tests.factories import ADA
from privacy.clearing.scrub import scrub
from privacy.requests.erasure import erase
from scorecard.definition import Definition

pytestmark = pytest.mark.usefixtures("version")


@pytest.fixture
def assessment(client: Client, definition: Definition) -> Assessment:
    """Ada's finished assessment, in the browser `client`."""
    assessment = finish(client, definition, "C", email=ADA["email"])
    client.post(reverse("assessments:contact", args=[assessment.pk]), ADA)
    return assessment


def share(client: Client, assessment: Assessment, action: str = "make") -> None:
    response = client.post(reverse("assessments:share", args=[assessment.pk]), {"action": action})
    assert response["Location"].endswith("#share")


def shown(client: Client, assessment: Assessment) -> str:
    """The address that the result page shows its owner."""
    return str(client.get(reverse("assessments:results", args=[assessment.pk])).context["shared_url"])


def test_the_link_shows_score_category_and_areas(
    client: Client, assessment: Assessment, definition: Definition
) -> None:
    share(client, assessment)
    page = Client().get(shown(client, assessment))
    assert page.status_code == 200
    assert page.context["total"] == 40
    assert definition.band("risk_zone").name in page.content.decode()
    assert all(section.name.replace("&", "&amp;") in page.content.decode() for section in definition.sections)


def test_it_never_shows_the_person_or_an_answer(
    client: Client, assessment: Assessment, definition: Definition
) -> None:
    share(client, assessment)
    page = Client().get(shown(client, assessment)).content.decode()
    chosen = [question.option("C") for question in definition.questions.values()]
    told = [
        *ADA.values(),
        str(assessment.pk),
        definition.band("risk_zone").message,
        *(option.label for option in chosen if option),
    ]
    assert [value for value in told if value in page] == []


def test_machines_are_told_of_it_in_its_own_words_and_keep_nothing(
    client: Client, assessment: Assessment, definition: Definition
) -> None:
    share(client, assessment)
    page = Client().get(shown(client, assessment))
    band = definition.band("risk_zone").name
    assert f'<meta property="og:title" content="40 of 100: {band}">' in page.content.decode()
    assert page["X-Robots-Tag"] == "noindex"
    assert "no-store" in page["Cache-Control"]


def test_the_owner_sees_the_same_link_again_though_only_a_hash_is_kept(
    client: Client, assessment: Assessment
) -> None:
    share(client, assessment)
    url = shown(client, assessment)
    assert url == shown(client, assessment)
    token = url.split("/")[-2]
    assert len(token) == 43
    assert token not in str(AssessmentLink.objects.values())


def test_a_second_click_makes_no_second_link(client: Client, assessment: Assessment) -> None:
    share(client, assessment)
    share(client, assessment)
    assert AssessmentLink.objects.count() == 1


def test_a_link_that_was_withdrawn_says_so(client: Client, assessment: Assessment) -> None:
    share(client, assessment)
    url = shown(client, assessment)
    share(client, assessment, "withdraw")
    share(client, assessment, "withdraw")
    page = Client().get(url)
    assert page.status_code == 410
    assert "withdrawn" in page.content.decode()
    assert shown(client, assessment) == ""


def test_a_new_link_after_that_is_another_one(client: Client, assessment: Assessment) -> None:
    share(client, assessment)
    url = shown(client, assessment)
    share(client, assessment, "withdraw")
    share(client, assessment)
    assert shown(client, assessment) not in ("", url)
    assert Client().get(url).status_code == 410


@pytest.mark.parametrize("token", ["x", "x" * 43, "x" * 500, "%00", "é"])
def test_a_link_that_nobody_made_explains_itself(client: Client, token: str) -> None:
    page = client.get(f"/shared/{token}/")
    assert page.status_code == 404
    assert reverse("assessments:start") in page.content.decode()


def test_a_shared_link_ends_with_the_retention_of_its_assessment(
    client: Client, assessment: Assessment
) -> None:
    share(client, assessment)
    url = shown(client, assessment)
    with override_config(EMAIL_RETENTION_DAYS=10):
        Assessment.objects.update(created_at=timezone.now() - timedelta(days=11))
        page = Client().get(url)
    assert page.status_code == 410
    assert "limited time" in page.content.decode()


def test_the_scrub_deletes_it(client: Client, assessment: Assessment) -> None:
    share(client, assessment)
    url = shown(client, assessment)
    AssessmentLink.objects.update(expires_at=F("expires_at") - timedelta(days=31))
    scrub()
    assert not AssessmentLink.objects.exists()
    assert Client().get(url).status_code == 404


def test_an_erasure_ends_it_at_once(client: Client, assessment: Assessment) -> None:
    share(client, assessment)
    url = shown(client, assessment)
    erase(ADA["email"], asked_by="prospect")
    assert Client().get(url).status_code == 404


def test_a_token_of_one_purpose_opens_nothing_else(client: Client, assessment: Assessment) -> None:
    later = timezone.now() + timedelta(days=1)
    token = AssessmentLink.objects.make(assessment, LinkPurpose.REPORT, expires_at=later).token
    assert client.get(reverse("assessments:mailed_report", args=[token])).status_code == 200
    assert client.get(reverse("assessments:shared", args=[token])).status_code == 404
    assert client.get(reverse("assessments:continue", args=[token])).status_code == 404


def test_under_another_secret_key_no_link_opens_and_a_new_one_is_made(
    client: Client, assessment: Assessment
) -> None:
    share(client, assessment)
    url = shown(client, assessment)
    link = AssessmentLink.objects.get()
    assert url.endswith(f"/{token_of(link.pk)}/")
    AssessmentLink.objects.update(token_hash="0" * 64)  # as if it had been made under another key
    assert shown(client, assessment) == ""
    assert Client().get(url).status_code == 404
    share(client, assessment)
    assert shown(client, assessment) not in ("", url)
    assert Client().get(shown(client, assessment)).status_code == 200


def test_nobody_shares_what_is_not_theirs(client: Client, assessment: Assessment) -> None:
    other = Client()
    start(other)
    assert other.post(reverse("assessments:share", args=[assessment.pk])).status_code == 404
    assert not AssessmentLink.objects.exists()


def test_looking_counts_against_the_limit_of_result_views(client: Client, assessment: Assessment) -> None:
    share(client, assessment)
    url = shown(client, assessment)
    with override_config(LIMIT_RESULT_VIEWS_PER_HOUR=1):
        assert [Client().get(url).status_code for _ in range(2)][-1] == 429


@pytest.mark.parametrize("cookie", ["kept", "lost", "of another assessment"])
def test_an_old_link_to_a_result_explains_itself_whatever_became_of_the_assessment(
    client: Client, assessment: Assessment, cookie: str
) -> None:
    """Scrubbed, or purged with its session: the page is the same."""
    old = f"/results/{assessment.pk}/"
    AssessmentSession.objects.all().delete()
    if cookie == "lost":
        client.cookies.clear()
    if cookie == "of another assessment":
        start(client)
    Assessment.objects.update(created_at=timezone.now() - timedelta(days=31))
    scrub()
    scrubbed = client.get(old)
    assert scrubbed.status_code == (410 if cookie == "kept" else 404)
    assert "This result cannot be opened here" in scrubbed.content.decode()
    Assessment.objects.filter(pk=assessment.pk).delete()
    purged = client.get(old)
    assert purged.status_code == scrubbed.status_code
    assert "This result cannot be opened here" in purged.content.decode()
