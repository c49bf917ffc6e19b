"""Who sees which words, and that nobody is counted twice."""

import re
from collections import Counter
from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from accounts.tests.people import logged_in, member
from audit.models import SystemLog
from experiments import running
from experiments.assignment import RunningExperiment, RunningVariant, wording_in_language
from experiments.models import Experiment, Exposure, Placement
from experiments.tests.factories import experiment

LIST = reverse("admin:experiments_experiment_changelist")
ADD = reverse("admin:experiments_experiment_add")

HALVES = RunningExperiment(
    1, "halves", Placement.LANDING_HEADLINE, (RunningVariant(1, "a", 1), RunningVariant(2, "b", 3))
)


@pytest.fixture
def operator(db: None) -> Client:
    return logged_in(member("Operator"))


def test_a_visitor_sees_the_same_variant_each_time() -> None:
    assert len({HALVES.variant_of("ada").key for _ in range(20)}) == 1


def test_weights_are_shares() -> None:
    drawn = Counter(HALVES.variant_of(str(number)).key for number in range(4000))
    assert 2850 < drawn["b"] < 3150


def test_two_experiments_draw_apart() -> None:
    other = RunningExperiment(2, "other", Placement.CALL_TO_ACTION, HALVES.variants)
    pairs = {(HALVES.variant_of(str(n)).key, other.variant_of(str(n)).key) for n in range(200)}
    assert len(pairs) == 4


def test_a_language_without_words_is_said_in_our_own() -> None:
    variant = RunningVariant(1, "a", 1, {"de": "Andere Worte"})
    with translation.override("de-at"):
        assert wording_in_language(variant) == "Andere Worte"
    with translation.override("en"):
        assert wording_in_language(variant) == ""


@pytest.mark.django_db
def test_a_process_asks_once_in_a_while(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    experiment()
    with django_assert_num_queries(1):
        (found,) = running.experiments_at(*Placement, questionnaire="any")
        assert found.key == "headline"
        assert running.experiments_at(*Placement, questionnaire="any")


@pytest.mark.django_db
def test_a_view_is_counted_once() -> None:
    experiment()
    (found,) = running.experiments_at(Placement.LANDING_HEADLINE, questionnaire="any")
    for _ in range(3):
        running.record_exposures([(found, found.variant_of("ada"))], "ada")
    assert Exposure.objects.get().variant.key == found.variant_of("ada").key


@pytest.mark.django_db
def test_two_experiments_at_one_place_cannot_run() -> None:
    experiment()
    with pytest.raises(IntegrityError):
        experiment(key="second")


# The admin


def form(**changes: Any) -> dict[str, Any]:
    return {
        "key": "headline-2",
        "place": "landing_headline",
        "variants-TOTAL_FORMS": "2",
        "variants-INITIAL_FORMS": "0",
        "variants-0-key": "a",
        "variants-0-weight": "1",
        "variants-1-key": "b",
        "variants-1-weight": "1",
        "variants-1-wording_en": "How good is your AI, really?",
        "variants-1-wording_de": "Wie gut ist Ihre KI wirklich?",
    } | changes


def act(client: Client, action: str, made: Experiment) -> str:
    data = {"action": action, "_selected_action": [made.pk]}
    return client.post(LIST, data, follow=True).content.decode()


def test_an_experiment_is_written_started_and_stopped(operator: Client) -> None:
    assert "Write at least two variants and save, then start it." in operator.get(ADD).content.decode()
    assert operator.post(ADD, form()).status_code == 302
    made = Experiment.objects.get()
    assert made.variants.get(key="b").wording["de"] == "Wie gut ist Ihre KI wirklich?"
    assert running.experiments_at(*Placement, questionnaire="any") == []
    assert "headline-2 runs." in act(operator, "start", made)
    assert len(running.experiments_at(*Placement, questionnaire="any")) == 1
    assert "headline-2 is stopped." in act(operator, "stop", made)
    assert running.experiments_at(*Placement, questionnaire="any") == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"variants-1-wording_en": "x" * 91}, "At most 90 characters fit there."),
        ({"variants-1-weight": "0"}, "A weight is a number from 1 to 100."),
        ({"variants-1-weight": "a lot"}, "Enter a whole number."),
        ({"variants-1-key": "a"}, "duplicate"),
        ({"place": "the moon"}, "Select a valid choice."),
        ({"key": "no key!"}, "slug"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(operator: Client, changes: Any, words: str) -> None:
    page = operator.post(ADD, form(**changes))
    assert page.status_code == 200
    assert words in page.content.decode()
    assert not Experiment.objects.exists()


def test_one_variant_is_no_experiment(operator: Client) -> None:
    made = experiment(is_running=False)
    made.variants.filter(key="b").delete()
    assert "at least two variants" in act(operator, "start", made)


def test_a_second_experiment_at_a_place_is_not_started(operator: Client) -> None:
    experiment()
    second = experiment(key="second", is_running=False)
    assert "headline is running at the same place" in act(operator, "start", second)


def test_a_running_experiment_stays_as_it_is(operator: Client) -> None:
    made = experiment()
    url = reverse("admin:experiments_experiment_change", args=[made.pk])
    page = operator.get(url).content.decode()
    assert "en: Other words" in page
    assert "wording_en" not in page
    assert operator.post(url, form(key="renamed")).status_code == 403
    assert "started before" in act(operator, "start", made)


def test_every_field_of_a_variant_has_a_name(operator: Client) -> None:
    page = operator.get(ADD).content.decode()
    fields = re.findall(r'<input[^>]*name="variants-0-(?:key|weight|wording_\w+)"[^>]*>', page)
    assert len(fields) == 2 + len(settings.LANGUAGES)
    assert [field for field in fields if "aria-label=" not in field] == []


@pytest.mark.django_db
def test_it_is_started_and_stopped_on_its_page_and_that_is_recorded(operator: Client) -> None:
    made = experiment(is_running=False)
    page = reverse("admin:experiments_experiment_change", args=[made.pk])
    assert ">Start</button>" in operator.get(page).content.decode()
    operator.post(reverse("admin:experiments_experiment_start", args=[made.pk]))
    assert "Result after 1 day" in operator.get(page).content.decode()
    assert "Not every variant has been seen yet." in operator.get(page).content.decode()
    operator.post(reverse("admin:experiments_experiment_stop", args=[made.pk]))
    made.refresh_from_db()
    assert made.stopped_at
    ended = operator.get(page).content.decode()
    assert ("then start it" in ended, "You can stop" in ended) == (False, False)
    events = SystemLog.objects.filter(data__experiment=made.key).order_by("pk")
    assert [each.event_type for each in events] == ["experiment_started", "experiment_stopped"]


@pytest.mark.django_db
def test_only_who_may_change_experiments_starts_one() -> None:
    made = experiment(is_running=False)
    start = reverse("admin:experiments_experiment_start", args=[made.pk])
    assert logged_in(member("Sales")).post(start).status_code == 403
