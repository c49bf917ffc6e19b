"""The size of each table: that of plain SQL, in the command and on the operators' first page."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.tests.people import logged_in, member
from operations.doctor import watch
from operations.doctor.table_sizes import TableSize, table_sizes

pytestmark = pytest.mark.django_db

PLAIN = """
SELECT tablename, pg_total_relation_size(schemaname||'.'||tablename) FROM pg_tables
WHERE schemaname = 'public' ORDER BY pg_total_relation_size(schemaname||'.'||tablename) DESC
"""


def test_table_sizes_are_those_of_plain_sql() -> None:
    said = StringIO()
    call_command("figures", stdout=said)
    told = json.loads(said.getvalue())["table_sizes"]
    with connection.cursor() as cursor:
        cursor.execute(PLAIN)
        plain = dict(cursor.fetchall())
    assert {size["table"]: size["bytes"] for size in told} == plain
    assert [size["bytes"] for size in told] == sorted(plain.values(), reverse=True)


def test_operators_see_the_largest_tables() -> None:
    page = logged_in(member("Operator")).get("/admin/").content.decode()
    assert "The largest tables" in page
    assert "<code>assessments</code>" in page or "<code>auth_permission</code>" in page


def test_a_page_says_when_the_tables_were_measured(operator: Client) -> None:
    at = timezone.now() - timedelta(minutes=4)
    watch.store_examination(watch.Examination(at, [], [TableSize("of_then", 7)]))
    page = operator.get("/admin/").content.decode()
    assert "<code>of_then</code>" in page
    assert "The largest tables, with their indexes, 4 min ago" in page


def test_tables_that_were_measured_long_ago_are_measured_again(operator: Client) -> None:
    at = timezone.now() - timedelta(minutes=16)
    watch.store_examination(watch.Examination(at, [], [TableSize("of_then", 7)]))
    page = operator.get("/admin/").content.decode()
    assert "<code>of_then</code>" not in page
    assert "The largest tables, with their indexes</summary>" in page


def test_tables_in_a_schema_of_their_own_are_found() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA own")
        cursor.execute("SET LOCAL search_path TO own")
        cursor.execute("CREATE TABLE of_ours ()")
        assert [size.table for size in table_sizes()] == ["of_ours"]
        cursor.execute("SET LOCAL search_path TO public")
