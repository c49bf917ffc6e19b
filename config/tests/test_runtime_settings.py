from typing import Any, NoReturn

import pytest
from constance import config
from constance.forms import ConstanceForm
from constance.utils import get_values
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection

pytestmark = pytest.mark.django_db


def down(*_call: Any) -> NoReturn:
    raise OperationalError("the server is gone")


def test_without_a_row_the_default_holds() -> None:
    assert config.EMAIL_RETENTION_DAYS == 30


def test_a_database_that_is_down_does_not_bring_the_defaults_back() -> None:
    config.EMAIL_RETENTION_DAYS = 90
    with connection.execute_wrapper(down), pytest.raises(OperationalError):
        print(config.EMAIL_RETENTION_DAYS)
    assert config.EMAIL_RETENTION_DAYS == 90


def test_a_snapshot_outlives_an_outage() -> None:
    config.EMAIL_RETENTION_DAYS = 90
    assert config.EMAIL_RETENTION_DAYS == 90
    with connection.execute_wrapper(down):
        assert config.EMAIL_RETENTION_DAYS == 90


def test_every_number_has_bounds() -> None:
    fields = ConstanceForm(initial=get_values()).fields
    numbers = [name for name, (default, *_) in settings.CONSTANCE_CONFIG.items() if type(default) is int]
    assert len(numbers) > 10
    assert [name for name in numbers if not (fields[name].min_value >= 0 and fields[name].max_value)] == []


@pytest.mark.parametrize("hours", ["0", "-1", "99999999999"])
def test_sessions_last_for_some_time_and_not_for_ever(hours: str) -> None:
    with pytest.raises(CommandError):
        call_command("constance", "set", "SESSION_TIMEOUT_HOURS", hours)
