"""The data map as a page."""

import pytest
from constance import config
from django.test import Client

from privacy.datamap.tables import TABLES
from privacy.datamap.vocabulary import DataClass
from privacy.pages.data_map import table_in_words

DATA_MAP = "/admin/data-map/"


@pytest.mark.django_db
def test_an_admin_sees_every_table(admin_client: Client) -> None:
    page = admin_client.get(DATA_MAP).content.decode()
    assert [name for name in TABLES if f"<code>{name}</code>" not in page] == []


@pytest.mark.django_db
def test_the_page_says_after_how_many_days_as_it_is_set_now(admin_client: Client) -> None:
    config.EMAIL_RETENTION_DAYS = 14
    assert "cleared 14 days after created_at" in admin_client.get(DATA_MAP).content.decode()


@pytest.mark.django_db
def test_others_do_not_see_it(operator: Client, client: Client) -> None:
    assert operator.get(DATA_MAP).status_code == 403
    assert client.get(DATA_MAP).status_code == 302


@pytest.mark.django_db
def test_every_column_that_tells_something_is_listed() -> None:
    table = TABLES["assessments"]
    told = {name for name, column in table.columns.items() if column.kind != DataClass.PLAIN or column.to}
    assert {column.name for column in table_in_words("assessments", table).columns} == told


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("table", "column", "end"),
    [
        ("assessments", "email", "Emptied"),
        ("assessments", "responses", "Choices stay, typed answers go"),
        ("assessment_sessions", "email", "Deleted with the row"),
        ("django_admin_log", "object_repr", "Emptied"),
    ],
)
def test_a_column_says_what_becomes_of_it(table: str, column: str, end: str) -> None:
    ends = {found.name: found.end for found in table_in_words(table, TABLES[table]).columns}
    assert ends[column] == end
