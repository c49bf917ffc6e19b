"""Views of the landing page: who counts, exactly once, and as nobody in particular."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings
from redis import Redis

from accounts.tests.people import logged_in, member
from assessments.models import DailyFigure, ViewBatch
from assessments.statistics import view_counting
from assessments.statistics.coarsening import coarsen
from assessments.statistics.figure import OTHER
from assessments.statistics.metrics import metric_panels
from assessments.statistics.view_counting import View, add_view, write_batch, write_counted_views
from assessments.tests.factories import OpenAssessmentFactory
from privacy.clearing.purge import purge
from privacy.clearing.scrub import scrub
from scorecard.models import QuestionnaireVersion
from web.redis import QuickScript
from web.tally.batches import TallyBatches

pytestmark = pytest.mark.usefixtures("version")

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Safari/604.1"
)
LINK = "/?utm_source=news&utm_medium=mail&utm_campaign=autumn"


def look(path: str = "/", **headers: str) -> None:
    """Look at the landing page with a browser of one's own."""
    sent = {"user-agent": FIREFOX, "accept": "text/html,*/*;q=0.8", "accept-language": "en"} | headers
    assert Client(headers=sent).get(path).status_code == 200


def counted() -> dict[tuple[str, str, str], int]:
    """(figure, name, part) -> views."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT figure, name, part, sum(runs) FROM daily_figures "
            "WHERE figure = 'view' OR part = 'viewed' GROUP BY 1, 2, 3"
        )
        return {(figure, name, part): int(count) for figure, name, part, count in cursor.fetchall()}


def views() -> int:
    write_counted_views()
    return counted().get(("view", "", ""), 0)


def a_view(**fields: Any) -> View:
    version = QuestionnaireVersion.objects.get()
    day = timezone.now().astimezone(UTC).date().isoformat()
    return View(**{"day": day, "version": str(version.pk), "language": "en", "device": "desktop"} | fields)


def write_on(day: date, number: int = 1, **fields: Any) -> None:
    """Write so many views of a day."""
    for _ in range(number):
        add_view(a_view(day=day.isoformat(), **fields))
    write_counted_views()


def test_a_view_counts_by_language_device_and_origin() -> None:
    look(LINK, referer="https://www.example.com/page?of=ada")
    look(**{"user-agent": IPHONE, "accept-language": "de"})
    assert write_counted_views() == 2
    assert counted() == {
        ("view", "", ""): 2,
        ("view", "en", "language"): 1,
        ("view", "de", "language"): 1,
        ("view", "desktop", "device"): 1,
        ("view", "mobile", "device"): 1,
        ("referrer", "www.example.com", "viewed"): 1,
        ("utm_source", "news", "viewed"): 1,
        ("utm_medium", "mail", "viewed"): 1,
        ("utm_campaign", "autumn", "viewed"): 1,
    }


@pytest.mark.parametrize(
    "headers",
    [
        {"user-agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"},
        {"accept": "*/*"},
        {"sec-purpose": "prefetch;prerender"},
        {"purpose": "prefetch"},
    ],
)
def test_robots_probes_and_prefetches_are_no_views(headers: dict[str, str]) -> None:
    look(**headers)
    assert views() == 0


def test_a_request_for_the_head_alone_is_no_view() -> None:
    Client(headers={"user-agent": FIREFOX, "accept": "text/html"}).head("/")
    assert views() == 0


def test_a_switch_of_the_language_is_no_second_view() -> None:
    look()
    look("/?lang=de", referer="http://testserver/")
    look("/?lang=de", referer="https://search.example/")
    look("/?lang=de", referer="http://[")
    assert views() == 3


def test_staff_who_look_at_the_page_are_not_counted() -> None:
    staff = logged_in(member("Sales"))
    staff.get("/", headers={"user-agent": FIREFOX, "accept": "text/html"})
    assert views() == 0


def test_a_view_leaves_no_cookie_and_nothing_of_a_person_in_redis(own_counters: Redis) -> None:
    sent = {"user-agent": IPHONE, "accept": "text/html", "referer": "https://www.example.com/ada?id=7"}
    page = Client(headers=sent).get("/?utm_source=ada@example.com&gclid=abc", REMOTE_ADDR="198.51.100.7")
    assert not set(page.cookies) - {"csrftoken"}
    (stored,) = cast(dict[bytes, bytes], own_counters.hgetall("landing-views"))
    day, version = (timezone.now().astimezone(UTC).date(), QuestionnaireVersion.objects.get().pk)
    assert str(stored, "utf-8") == f'["{day}","{version}","en","mobile","www.example.com","","",""]'


def test_a_view_asks_redis_once_and_the_database_nothing(
    django_assert_num_queries: Any, own_counters: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    look()
    view = a_view()
    sent: list[object] = []
    ask = QuickScript._ask

    def watched(script: QuickScript, *command: str | int | float) -> object:
        sent.append(command[0])
        return ask(script, *command)

    monkeypatch.setattr(QuickScript, "_ask", watched)
    with django_assert_num_queries(0):
        add_view(view)
    assert sent == ["EVALSHA"]


def test_without_redis_the_page_is_shown_and_the_view_is_lost(settings: Settings, refused_url: str) -> None:
    settings.RATE_LIMIT_REDIS_URL = refused_url
    look()


def test_a_job_that_is_killed_before_it_commits_counts_later(monkeypatch: pytest.MonkeyPatch) -> None:
    look()
    with monkeypatch.context() as patched:
        patched.setattr(view_counting, "view_cells", killed)
        with pytest.raises(KeyboardInterrupt):
            write_counted_views()
    look()
    assert not counted()
    assert views() == 1  # the batch that was taken
    assert views() == 2


def test_a_job_that_is_killed_after_it_committed_counts_nothing_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    look()
    with monkeypatch.context() as patched:
        patched.setattr(TallyBatches, "drop", killed)
        with pytest.raises(KeyboardInterrupt):
            write_counted_views()
    look()
    assert counted()["view", "", ""] == 1
    assert views() == 1
    assert views() == 2


def killed(*_: object) -> None:
    raise KeyboardInterrupt


def test_two_jobs_with_the_same_batch_count_it_once(settings: Settings) -> None:
    look()
    batch = TallyBatches(settings.RATE_LIMIT_REDIS_URL, view_counting.TALLY).take()
    assert batch is not None
    assert [write_batch(batch), write_batch(batch)] == [1, 0]


def test_the_ids_of_batches_are_stored_for_a_week() -> None:
    look()
    write_counted_views()
    ViewBatch.objects.update(written_at=timezone.now() - timedelta(days=8))
    look()
    write_counted_views()
    assert ViewBatch.objects.count() == 1


def test_further_views_of_a_full_tally_lose_their_origin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(view_counting, "MOST_FIELDS", 2)
    for name in "abcd":
        add_view(a_view(campaign=name))
    write_counted_views()
    assert counted()["utm_campaign", OTHER, "viewed"] == 2
    assert counted()["view", "", ""] == 4


def test_a_day_has_a_limited_number_of_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(view_counting, "MOST_NAMES", 3)
    for names in ("ab", "abcde"):
        for name in names:
            add_view(a_view(campaign=name))
        write_counted_views()
    campaigns = {name: count for (figure, name, _), count in counted().items() if figure == "utm_campaign"}
    assert len(campaigns) == 4
    assert (campaigns["a"], campaigns[OTHER]) == (2, 2)


@pytest.fixture
def some(version: QuestionnaireVersion) -> None:
    """Twelve views and eleven starts of today and of 200 days ago."""
    now = timezone.now()
    for moment in (now, now - timedelta(days=200)):
        write_on(moment.date(), 12, campaign="autumn", device="mobile")
        for number in range(11):
            OpenAssessmentFactory.create(
                version=version,
                session_id=f"{moment} {number}",
                created_at=moment,
                utm={"utm_campaign": "autumn"},
            )


@pytest.mark.usefixtures("some")
def test_sum_up_scrub_and_purge_change_no_count_of_views() -> None:
    before = counted()
    assert before["view", "", ""] == before["utm_campaign", "autumn", "viewed"] == 24
    coarsen(timezone.now())
    assert counted() == before
    scrub()
    purge(100, include_undelivered=True)
    assert counted() == before
    (row,) = metric_panels(timezone.now(), "landing")["landing"].rows
    assert (row.viewed, row.started, row.rate) == (12, 11, 92)


def test_old_views_of_a_link_that_fewer_than_ten_used_forget_its_name() -> None:
    write_on((timezone.now() - timedelta(days=200)).date(), 30, campaign="for-ada")
    coarsen(timezone.now())
    assert counted()["utm_campaign", OTHER, "viewed"] == 30
    assert not DailyFigure.objects.filter(name="for-ada").exists()


def test_old_days_of_few_views_are_merged() -> None:
    for days in (200, 201):
        write_on((timezone.now() - timedelta(days=days)).date(), 3)
    coarsen(timezone.now())
    assert not DailyFigure.objects.filter(figure="view", first_day=None).exists()


def test_starts_of_days_before_views_were_counted_are_not_compared_with_them(
    version: QuestionnaireVersion,
) -> None:
    today = timezone.now().date()
    DailyFigure.objects.create(
        day=today - timedelta(days=5), version=version, figure="started", assessments=50
    )
    write_on(today - timedelta(days=1), 4)
    assert metric_panels(timezone.now(), "landing")["landing"].rows == ()
    write_on(today, 4)
    DailyFigure.objects.create(day=today, version=version, figure="started", assessments=2)
    (row,) = metric_panels(timezone.now(), "landing")["landing"].rows
    assert (row.first, row.viewed, row.started) == (today.isoformat(), 4, 2)


@pytest.mark.usefixtures("some")
def test_the_dashboard_tells_views_by_origin_and_not_by_variant(admin_client: Client) -> None:
    campaigns = metric_panels(timezone.now(), "origins")["origins"].rows[3]
    assert [(cell.name, cell.viewed, cell.started) for cell in campaigns.cells] == [("autumn", 12, 11)]
    text = admin_client.get("/admin/").content.decode()
    assert "From the landing page to the start" in text
    assert re.search(r"Viewed.*?<strong>12</strong>", text, re.DOTALL)


def test_a_frozen_clock_of_another_zone_counts_the_day_of_utc(monkeypatch: pytest.MonkeyPatch) -> None:
    late = datetime.fromisoformat("2026-11-29T01:30:00+09:00")
    monkeypatch.setattr("assessments.web.pages.landing_view.timezone.now", lambda: late)
    look()
    write_counted_views()
    assert str(DailyFigure.objects.filter(figure="view").first().day) == "2026-11-28"  # type: ignore[union-attr]  # there is one
