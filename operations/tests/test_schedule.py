"""The schedule in the database: written by `migrate`, changed by operators, sent by beat."""

import html
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from unittest import mock

import pytest
from celery import Task, current_app
from celery.schedules import crontab
from django.apps import apps
from django.conf import settings
from django.db import OperationalError
from django.db.models.signals import post_migrate
from django.utils import timezone
from django_celery_beat import schedulers
from django_celery_beat.models import CrontabSchedule, IntervalSchedule, PeriodicTask, PeriodicTasks
from pytest_django import DjangoAssertNumQueries
from redis import Redis

from accounts.tests.people import logged_in, member
from operations.schedule import scheduler as scheduler_module
from operations.schedule.scheduler import JobEntry, Scheduler

SCRUB = "privacy: scrub what is past its retention"
DELIVER = "hubspot_sync: deliver what is due"
CHANGE_LIST = "/admin/django_celery_beat/periodictask/"


def migrate() -> None:
    """What follows the migrations of django-celery-beat."""
    beat = apps.get_app_config("django_celery_beat")
    post_migrate.send(sender=beat, app_config=beat, using="default", verbosity=0, interactive=False)


@pytest.fixture
def sent() -> Iterator[list[str]]:
    """The tasks that beat sent, in order; it leaves the connection of the test open."""
    current_app.loader.import_default_modules()
    with (
        mock.patch.object(scheduler_module, "close_old_connections"),
        mock.patch.object(schedulers, "close_old_connections"),
        mock.patch.object(Task, "apply_async", autospec=True) as send,
    ):
        names: list[str] = []
        send.side_effect = lambda task, *args, **kwargs: names.append(task.name)
        yield names


def beat() -> Scheduler:
    """A beat that has just been started and has nobody to send to."""
    scheduler = Scheduler(app=current_app)
    scheduler.__dict__["producer"] = None
    return scheduler


def run_what_is_due(scheduler: Scheduler) -> None:
    """Ticks until nothing is due."""
    for _ in range(30):
        if scheduler.tick():
            return


@contextmanager
def wall_clock(*, ahead: timedelta) -> Iterator[None]:
    """The clock of the machine is so far ahead, until it is set back."""
    with (
        mock.patch.object(timezone, "now", side_effect=lambda: datetime.now(UTC) + ahead),
        mock.patch.object(JobEntry, "_default_now", side_effect=lambda: datetime.now(UTC) + ahead),
        mock.patch.object(
            scheduler_module, "time", mock.Mock(time=lambda: time.time() + ahead.total_seconds())
        ),
    ):
        yield


def ran(name: str, ago: timedelta) -> None:
    PeriodicTask.objects.filter(name=name).update(last_run_at=timezone.now() - ago)


pytestmark = pytest.mark.django_db


def test_migrate_writes_every_default() -> None:
    stored = {task.name: task for task in PeriodicTask.objects.all()}
    assert stored.keys() == current_app.conf.beat_schedule.keys()
    scrub = stored[SCRUB]
    assert (scrub.task, scrub.crontab.minute, scrub.expire_seconds) == ("privacy.tasks.scrub", "7", 3000)
    assert (stored[DELIVER].interval.every, stored[DELIVER].enabled) == (5, True)
    assert stored[DELIVER].description == "Default: every 5 seconds"


def test_a_second_migrate_changes_nothing() -> None:
    before = list(PeriodicTask.objects.order_by("id").values()), PeriodicTasks.last_change()
    migrate()
    assert (list(PeriodicTask.objects.order_by("id").values()), PeriodicTasks.last_change()) == before


def test_migrate_leaves_alone_what_an_operator_changed() -> None:
    every_day, _ = CrontabSchedule.objects.get_or_create(minute="0", hour="3")
    PeriodicTask.objects.filter(name=SCRUB).update(crontab=every_day)
    PeriodicTask.objects.filter(name=DELIVER).update(enabled=False)
    with mock.patch.dict(current_app.conf.beat_schedule[SCRUB], schedule=crontab(minute="30")):
        migrate()
    assert PeriodicTask.objects.get(name=SCRUB).crontab == every_day
    assert not PeriodicTask.objects.get(name=DELIVER).enabled


def test_a_job_that_nobody_changed_follows_a_new_default() -> None:
    with mock.patch.dict(current_app.conf.beat_schedule[SCRUB], schedule=600.0):
        migrate()
    scrub = PeriodicTask.objects.get(name=SCRUB)
    assert (scrub.interval.every, scrub.crontab) == (600, None)


def test_a_job_that_the_code_dropped_goes_and_one_of_the_operators_own_stays() -> None:
    hourly = IntervalSchedule.objects.create(every=1, period="hours")
    PeriodicTask.objects.create(
        name="old", task="gone.tasks.old", interval=hourly, description="Default: every hour"
    )
    PeriodicTask.objects.create(name="own", task="privacy.tasks.scrub", interval=hourly, description="Ours")
    migrate()
    assert set(PeriodicTask.objects.filter(interval=hourly).values_list("name", flat=True)) == {"own"}


@pytest.mark.parametrize("hours", [1, 9])
def test_a_run_that_was_missed_while_beat_was_away_is_made_up_at_once(sent: list[str], hours: int) -> None:
    """Whatever the hour: django-celery-beat's own scheduler would wait until tomorrow."""
    then = timezone.now() - timedelta(hours=hours)
    daily = CrontabSchedule.objects.create(minute=str(then.minute), hour=str(then.hour))
    PeriodicTask.objects.filter(name=SCRUB).update(crontab=daily)
    ran(SCRUB, timedelta(hours=hours, minutes=2))
    run_what_is_due(beat())
    assert sent.count("privacy.tasks.scrub") == 1


def test_a_run_is_not_repeated_by_a_beat_that_is_started_again(sent: list[str]) -> None:
    ran(SCRUB, timedelta(hours=2))
    for _ in range(2):
        run_what_is_due(beat())
    assert sent.count("privacy.tasks.scrub") == 1


def test_a_clock_that_is_set_back_an_hour_stops_no_job(sent: list[str]) -> None:
    PeriodicTask.objects.exclude(name=DELIVER).update(enabled=False)
    with wall_clock(ahead=timedelta(hours=1)):
        scheduler = beat()
        run_what_is_due(scheduler)
        assert sent.count("hubspot_sync.tasks.deliver_due") == 1
    run_what_is_due(scheduler)
    assert sent.count("hubspot_sync.tasks.deliver_due") == 2


def test_a_run_in_the_future_of_a_clock_that_was_set_back_delays_no_job(sent: list[str]) -> None:
    ran(DELIVER, -timedelta(hours=1))
    run_what_is_due(beat())
    assert sent.count("hubspot_sync.tasks.deliver_due") == 1


def test_a_job_that_is_disabled_is_not_sent(sent: list[str]) -> None:
    PeriodicTask.objects.update(enabled=False)
    run_what_is_due(beat())
    assert sent == []


def test_beat_reads_the_schedule_with_one_query(
    sent: list[str],
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(1):
        beat()


def test_beat_goes_on_with_what_it_knows_while_postgresql_is_away(sent: list[str]) -> None:
    scheduler = beat()
    ran(DELIVER, timedelta(hours=1))
    PeriodicTasks.update_changed()
    with mock.patch.object(PeriodicTask.objects, "filter", side_effect=OperationalError):
        scheduler._last_full_sync -= timedelta(hours=1)
        run_what_is_due(scheduler)
    run_what_is_due(scheduler)
    assert sent.count("hubspot_sync.tasks.deliver_due") == 1


def test_an_operator_sees_when_a_job_ran_and_runs_next() -> None:
    ran(SCRUB, timedelta(minutes=5))
    page = logged_in(member("Operator")).get(CHANGE_LIST).content.decode()
    assert SCRUB in page
    assert "Next run" in page


def test_an_operator_runs_a_job_now() -> None:
    scrub = PeriodicTask.objects.get(name=SCRUB)
    with Redis.from_url(settings.CELERY_BROKER_URL) as broker:
        broker.delete("celery")
        response = logged_in(member("Operator")).post(
            CHANGE_LIST, {"action": "run_now", "_selected_action": [scrub.pk]}, follow=True
        )
        assert f"Sent to the workers: {SCRUB}." in html.unescape(response.content.decode())
        assert b"privacy.tasks.scrub" in broker.lrange("celery", 0, -1)[0]
        broker.delete("celery")


def test_an_operator_gives_a_job_another_interval() -> None:
    deliver = PeriodicTask.objects.get(name=DELIVER)
    minute = IntervalSchedule.objects.create(every=1, period="minutes")
    client = logged_in(member("Operator"))
    page = f"{CHANGE_LIST}{deliver.pk}/change/"
    assert client.post(page, {"enabled": "on", "interval": minute.pk, "crontab": ""}).status_code == 302
    deliver.refresh_from_db()
    assert (deliver.interval, deliver.enabled, deliver.task) == (
        minute,
        True,
        "hubspot_sync.tasks.deliver_due",
    )
    neither = client.post(page, {"enabled": "on", "interval": "", "crontab": ""})
    assert "Choose either an interval or a crontab." in neither.content.decode()


def test_sales_does_not_see_the_schedule() -> None:
    assert logged_in(member("Sales")).get(CHANGE_LIST).status_code == 403
