from typing import Any, NoReturn

import pytest
from constance import config
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
