"""The landing page tries words: the same ones for one browser, counted once, and no cookie without need."""

from datetime import timedelta

import pytest
from constance.test import override_config
from django.conf import settings
from django.test import Client
from django.utils import timezone

from assessments.lifecycle import services
from assessments.lifecycle.visitors import Visitor
from assessments.models import Assessment, DailyFigure
from assessments.tests.browsing import finish, start
from experiments import running
from experiments.models import Exposure, Placement
from experiments.tests.factories import experiment
from mailings.models import MailKind
from mailings.rendering import message
from privacy.clearing.scrub import scrub
from scorecard import versions
from scorecard.definition import Definition
from scorecard.models import QuestionnaireVersion

pytestmark = pytest.mark.usefixtures("version")

COOKIE = settings.VISITOR_COOKIE_NAME
SEEN = "/seen.svg"


def visitor(variant: str, **headers: str) -> Client:
    """A browser that draws this variant of the experiment with headlines."""
    (found,) = running.experiments_at(Placement.LANDING_HEADLINE, questionnaire="any")
    number = next(name for n in range(100) if found.variant_of(name := f"{n:022}").key == variant)
    client = Client(headers={"user-agent": "Mozilla/5.0 Firefox/128.0"} | headers)
    client.cookies[COOKIE] = number
    return client


def test_without_an_experiment_nobody_gets_a_cookie(client: Client) -> None:
    page = client.get("/")
    assert COOKIE not in page.cookies
    assert SEEN not in page.content.decode()


def test_the_foot_of_the_page_names_the_cookie_while_it_is_set(client: Client) -> None:
    words = "while we compare several"
    assert words not in client.get("/").content.decode()
    experiment()
    running.running_experiments.forget()
    assert words in client.get("/").content.decode()


def test_each_variant_has_its_words(definition: Definition) -> None:
    experiment(en="How good is your AI, <really>?")
    assert f"<h1>{definition.landing.headline}</h1>" in visitor("a").get("/").content.decode()
    assert "<h1>How good is your AI, &lt;really&gt;?</h1>" in visitor("b").get("/").content.decode()


def test_a_browser_keeps_its_words(client: Client) -> None:
    experiment()
    pages = [client.get("/") for _ in range(3)]
    assert len({page.context["words"].visitor for page in pages}) == 1
    assert pages[0].cookies[COOKIE]["httponly"]


@pytest.mark.parametrize("forged", ["x", "x" * 500, "<script>"])
def test_a_forged_number_is_replaced(client: Client, forged: str) -> None:
    experiment()
    client.cookies[COOKIE] = forged
    assert client.get("/").cookies[COOKIE].value != forged


def test_stopping_brings_our_own_words_back_at_once(definition: Definition) -> None:
    made = experiment()
    browser = visitor("b")
    made.stop()
    running.running_experiments.forget()
    assert f"<h1>{definition.landing.headline}</h1>" in browser.get("/").content.decode()


def test_a_browser_that_asks_not_to_be_told_apart_is_not(client: Client) -> None:
    experiment()
    assert COOKIE not in client.get("/", headers={"Sec-GPC": "1"}).cookies


def test_a_view_is_counted_by_the_picture_and_once() -> None:
    experiment()
    browser = visitor("b")
    assert SEEN in browser.get("/").content.decode()
    assert not Exposure.objects.exists()
    for _ in range(2):
        assert browser.get(SEEN).status_code == 200
    assert Exposure.objects.get().variant.key == "b"


def test_a_robot_is_not_counted() -> None:
    experiment()
    visitor("b", **{"user-agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"}).get(SEEN)
    Client().get(SEEN)
    assert not Exposure.objects.exists()


def test_an_assessment_is_counted_with_its_variant_to_the_end(definition: Definition) -> None:
    experiment()
    with override_config(LEAST_SECONDS=0):
        finish(visitor("b"), definition, "C", email="ada@engines.example")
    start(visitor("a"))
    found = DailyFigure.objects.filter(figure="experiment").values_list("name", "part", "assessments")
    assert sorted(found) == [
        ("headline:a", "started", 1),
        ("headline:b", "executive_briefing_qualified", 1),
        ("headline:b", "started", 1),
    ]


def test_an_assessment_and_its_session_name_all_variants_in_one_text(version: QuestionnaireVersion) -> None:
    experiment()
    experiment(Placement.CALL_TO_ACTION, key="button")
    start(visitor("b"))
    assessment = Assessment.objects.get()
    assert assessment.ab_test_variant == f"headline:b button:{assessment.variants['button']}"
    assert assessment.session.ab_test_variant == assessment.ab_test_variant
    long = Visitor(variants={"x" * 40: "y" * 40})
    assert (
        services.start_assessment(versions.get(version.pk), long).session.ab_test_variant
        == f"{'x' * 40}:{'y' * 9}"
    )


def test_the_mail_has_the_subject_that_its_assessment_drew(definition: Definition) -> None:
    experiment(Placement.MAIL_SUBJECT, key="subject", en="What your AI is worth")
    assessment = finish(Client(), definition, "C", email="ada@engines.example")
    assert assessment.variants["subject"] in ("a", "b")
    subjects = {}
    for assessment.variants["subject"] in ("a", "b", "gone"):
        subjects[assessment.variants["subject"]] = message(
            MailKind.RESULT, assessment, "ada@engines.example"
        ).subject
    assert subjects["b"] == "What your AI is worth"
    assert subjects["a"] == subjects["gone"] != subjects["b"]


def test_after_the_retention_a_view_is_only_a_count() -> None:
    experiment()
    visitor("b").get(SEEN)
    Exposure.objects.update(seen_at=timezone.now() - timedelta(days=31))
    scrub()
    assert Exposure.objects.get().visitor_key is None
    assert Assessment.objects.count() == 0
