"""The database's clock decides what is due: a wrong clock of a machine clears nothing, and keeps nothing."""

import datetime as real
import sys
import time
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone
from django.utils.module_loading import import_string

from assessments.lifecycle.consents import record_choices
from assessments.models import Assessment, ConsentSource, PrivacyLink, Purpose
from assessments.tests.factories import SessionFactory
from config.celery import app
from mailings.queue import enqueue_privacy_link
from privacy.datamap.tables import TABLES

pytestmark = pytest.mark.django_db

ADDRESS = "ada@engines.example"
RECORDS = {"system_logs", "scrub_certificates", "hubspot_reconciliations", "django_celery_beat_periodictask"}
ASKS_THE_WORLD = "assessments.tasks.check_mail_domains"  # and clears nothing
OURS = {config.name for config in apps.get_app_configs() if "site-packages" not in config.path}


class AnyDatetime(type):
    def __instancecheck__(cls, value: object) -> bool:
        return isinstance(value, real.datetime)


class Wrong(real.datetime, metaclass=AnyDatetime):
    """The clock of a machine that is wrong by `AWAY`."""

    AWAY = timedelta()

    @classmethod
    def now(cls, tz: Any = None) -> Any:
        return real.datetime.now(tz) + cls.AWAY


@pytest.fixture
def wrong_by(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Set the clock that our code and Django read; the database has its own."""

    def set_wrong(**away: float) -> None:
        Wrong.AWAY = timedelta(**away)
        right = time.time
        monkeypatch.setattr(timezone, "now", lambda: Wrong.now(real.UTC))
        monkeypatch.setattr(time, "time", lambda: right() + Wrong.AWAY.total_seconds())
        for name, module in list(sys.modules.items()):
            if name.partition(".")[0] in OURS and getattr(module, "datetime", None) is real.datetime:
                monkeypatch.setattr(module, "datetime", Wrong)

    return set_wrong


@pytest.fixture
def people(hot_lead: Assessment) -> None:
    """A lead, an open session, a consent, a link and a mail, all of today."""
    SessionFactory.create(email="grace@compilers.example", version=hot_lead.version)
    record_choices(ADDRESS, {Purpose.RESULT: True}, ConsentSource.PRIVACY_PAGE)
    PrivacyLink.objects.make(hot_lead, address=ADDRESS)
    enqueue_privacy_link(ADDRESS, timezone.now())


def everything() -> dict[str, list[Any]]:
    """All rows of all tables of the data map, but for the records of what ran; figures as sums."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT day, first_day, figure, name, part, number, sum(runs) FROM daily_figures"
            " GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 6"
        )
        found = {"daily_figures": cursor.fetchall()}
        for table in TABLES.keys() - RECORDS - {"daily_figures"}:
            cursor.execute(f'SELECT to_jsonb(t) FROM "{table}" t ORDER BY 1')
            found[table] = cursor.fetchall()
    return found


def age(days: int) -> None:
    """Everything was made so long ago, by the database's clock."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE assessments SET created_at = created_at - make_interval(days => %s)", [days])
        cursor.execute(
            "UPDATE assessment_sessions SET expires_at = expires_at - make_interval(days => %s)", [days]
        )
        cursor.execute("UPDATE privacy_links SET expires_at = expires_at - make_interval(days => %s)", [days])
        cursor.execute("UPDATE mail_queue SET created_at = created_at - make_interval(days => %s)", [days])


def tasks() -> list[str]:
    return sorted({entry["task"] for entry in app.conf.beat_schedule.values()} - {ASKS_THE_WORLD})


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize("task", tasks())
def test_a_clock_that_runs_ahead_clears_nothing(task: str, wrong_by: Any) -> None:
    before = everything()
    wrong_by(days=4000)
    import_string(task)()
    assert everything() == before


@pytest.mark.usefixtures("people")
def test_a_clock_that_is_behind_keeps_nothing(wrong_by: Any) -> None:
    age(days=40)
    wrong_by(days=-4000)
    for task in ("privacy.tasks.scrub", "privacy.tasks.cleanup_sessions"):
        import_string(task)()
    assert Assessment.objects.filter(email__isnull=False).count() == 0
    left = everything()
    assert [left[table] for table in ("assessment_sessions", "privacy_links", "mail_queue")] == [[], [], []]
