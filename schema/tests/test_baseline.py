"""`script/manage baseline record` and `compare`."""

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from pytest_django import Settings

from assessments.models import Assessment
from audit.models import SystemLog
from schema.baseline import RECORDED, Drift

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("before", "now", "slower"),
    [(10.0, 19.0, False), (10.0, 21.0, True), (0.1, 1.9, False), (0.1, 2.3, True), (None, 99.0, False)],
)
def test_slower_is_twice_and_more_than_noise(before: float | None, now: float, slower: bool) -> None:
    assert Drift("it", before, now).is_slower is slower


def test_without_a_baseline_there_is_nothing_to_compare() -> None:
    with pytest.raises(CommandError, match="baseline record"):
        call_command("baseline", "compare")


def test_ten_statements_are_recorded_and_compared(
    hot_lead: Assessment, capsys: pytest.CaptureFixture[str], settings: Settings
) -> None:
    settings.ADMINS = [("", "olga@example.com")]
    call_command("baseline", "record")
    row = SystemLog.objects.get(event_type=RECORDED)
    assert len(row.data["milliseconds"]) == 10
    slow = dict.fromkeys(row.data["milliseconds"], 1e6)
    SystemLog.objects.filter(pk=row.pk).update(data={"milliseconds": slow})
    call_command("baseline", "compare")
    assert "due leads: 1000000.00 ms then" in capsys.readouterr().out
    SystemLog.objects.filter(pk=row.pk).update(data={"milliseconds": {"due leads": -10.0}})
    with pytest.raises(CommandError, match="1 of 10 statements are slower"):
        call_command("baseline", "compare")
    assert len(mail.outbox) == 1
