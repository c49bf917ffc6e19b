"""The system log in the back office."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from audit.admin import flat_values
from audit.models import SystemLog

pytestmark = pytest.mark.django_db

LOGS = "/admin/audit/systemlog/"


def test_a_line_shows_its_counts_in_words(operator: Client) -> None:
    SystemLog.objects.record("email_scrub", "Scrubbed", records_scrubbed={"assessments": 12})
    assert "records scrubbed assessments: 12" in operator.get(LOGS).content.decode()


def test_nested_counts_are_told_by_their_path() -> None:
    assert flat_values({"a_b": {"c": 1, "d": {"e": 2}}, "f": 3}) == [("a b c", 1), ("a b d e", 2), ("f", 3)]


def test_a_line_without_counts_says_so(operator: Client) -> None:
    SystemLog.objects.record("start", "Started")
    assert "None" in operator.get(LOGS).content.decode()


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_takes_a_fixed_number_of_queries(
    operator: Client, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(rows):
        SystemLog.objects.record("start", "Started")
    operator.get(LOGS)
    with django_assert_num_queries(8):
        operator.get(LOGS)
