"""Where a score stands among the others: true to ties, silent in small groups, the same after a scrub."""

import socket

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from assessments.models import Assessment, DailyFigure
from assessments.results.comparison import Crowd, Rank, compare, crowd_of, rank_among
from assessments.statistics.figure import Figure
from assessments.tests.factories import AssessmentFactory
from scorecard.models import QuestionnaireVersion
from web.shared_counters import counters


@pytest.mark.parametrize(
    ("scores", "total", "expected"),
    [
        ({40: 9}, 40, None),
        ({40: 10}, 40, Rank("level", 0)),  # all the same: nobody is better, nobody is last
        ({20: 5, 80: 5}, 80, Rank("top", 50)),
        ({20: 1, 80: 30}, 80, Rank("top", 0)),
        ({20: 5, 80: 5}, 20, Rank("level", 0)),  # half of ten is not most
        ({20: 4, 80: 6}, 20, Rank("low", 0)),
        ({20: 8, 80: 2}, 20, Rank("level", 0)),
        ({10: 79, 50: 1, 90: 20}, 50, Rank("middle", 75)),  # 79 % is never told as 80
        ({10: 1, 50: 1, 90: 98}, 50, Rank("low", 0)),
        ({10: 30, 90: 70}, 50, Rank("middle", 30)),  # not yet among those that are kept
        ({}, 50, None),
    ],
)
def test_a_score_among_others(scores: dict[int, int], total: int, expected: Rank | None) -> None:
    assert rank_among(scores, total) == expected


@pytest.mark.parametrize(
    ("rank", "words"),
    [
        (Rank("top", 90), "Nobody has scored higher so far. Better than 90% of all who finished."),
        (Rank("top", 0), "Nobody has scored higher so far."),
        (Rank("middle", 35), "Better than 35% of all who finished."),
        (Rank("level", 0), "Level with many others who finished."),
        (Rank("low", 0), "Most others scored higher so far: there is a lot to gain."),
    ],
)
def test_its_words(rank: Rank, words: str) -> None:
    assert rank.words == words


@pytest.mark.parametrize(
    ("rank", "words"),
    [
        (Rank("top", 90), "better than 90% of all"),
        (Rank("top", 0), "nobody scored higher so far"),
        (Rank("middle", 35), "better than 35% of all"),
        (Rank("level", 0), "level with many others"),
        (Rank("low", 0), "most others scored higher"),
    ],
)
def test_its_words_beside_an_area(rank: Rank, words: str) -> None:
    assert rank.in_short == words


def runs(version: QuestionnaireVersion, options: str) -> list[Assessment]:
    return [AssessmentFactory.create(version=version, answers=option) for option in options]


def test_everybody_who_finished_counts(version: QuestionnaireVersion) -> None:
    runs(version, "AAABBBBCCD")
    assert compare(version.pk, 60, {}).total == Rank("middle", 30)


def test_an_area_is_compared_with_the_same_area_of_others(version: QuestionnaireVersion) -> None:
    runs(version, "AAABBBBCCD")
    found = compare(version.pk, 60, {"governance": 100, "gone": 50}).areas
    assert found == {"governance": Rank("top", 70)}


def test_an_area_that_fewer_than_ten_were_asked_about_is_not_compared(version: QuestionnaireVersion) -> None:
    """A later version may have brought it; the total says what it said before."""
    runs(version, "AAABBBBCCD")
    last = DailyFigure.objects.filter(figure=Figure.AREA, name="governance").first()
    assert last
    last.delete()
    found = compare(version.pk, 60, {"governance": 100})
    assert (found.total, found.areas) == (Rank("middle", 30), {})


def test_under_ten_nothing_is_said(version: QuestionnaireVersion) -> None:
    runs(version, "AAABBBBCC")
    assert compare(version.pk, 60, {}).total is None


def test_runs_that_are_deleted_still_count(version: QuestionnaireVersion) -> None:
    runs(version, "AAABBBBCCD")
    Assessment.objects.all().delete()
    assert compare(version.pk, 60, {}).total == Rank("middle", 30)


def test_looking_again_asks_the_database_nothing(version: QuestionnaireVersion) -> None:
    runs(version, "AAABBBBCCD")
    with CaptureQueriesContext(connection) as first:
        compare(version.pk, 60, {})
    with CaptureQueriesContext(connection) as again:
        compare(version.pk, 40, {"governance": 40})
    assert len(first) == 1
    assert len(again) == 0 or counters().resting  # where Redis was too busy to answer


def test_without_redis_it_asks_once(version: QuestionnaireVersion, settings: Settings) -> None:
    runs(version, "AAABBBBCCD")
    with socket.create_server(("127.0.0.1", 0)) as server:
        settings.RATE_LIMIT_REDIS_URL = f"redis://127.0.0.1:{server.getsockname()[1]}/0"
    counters.cache_clear()
    with CaptureQueriesContext(connection) as asked:
        assert compare(version.pk, 60, {}).total == Rank("middle", 30)
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ({40: 9}, None),
        ({40: 10}, Crowd(10, 40)),
        ({0: 3, 40: 4, 100: 3}, Crowd(10, 40)),
        ({0: 5, 60: 5}, Crowd(10, 60)),  # half of them reached it
        ({}, None),
    ],
)
def test_the_own_figures_of_a_questionnaire(scores: dict[int, int], expected: Crowd | None) -> None:
    assert crowd_of(scores) == expected


def test_the_landing_page_tells_them(client: Client, version: QuestionnaireVersion) -> None:
    for _ in range(10):
        AssessmentFactory.create(version=version, answers="B")
    page = client.get("/").content.decode()
    assert "10 people have taken part. Half of them scored 60 or more." in page
