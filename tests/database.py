"""The database of a test process: a copy of a migrated one, emptied only where a test wrote.

After each test that commits, Django's own flush truncates every table and builds content types and
permissions anew, which takes longer than most of these tests.
"""

import os
from urllib.parse import urlsplit

from django.core.management import call_command
from django.db import connection
from django.test import TransactionTestCase

TEMPLATE = "TEST_TEMPLATE"  # names a migrated database; script/checks sets it

_migrated: dict[str, str] = {}  # table to the checksum of what the migrations wrote there


def own_url() -> str:
    """The URL of the database of this test process, which is no template of another."""
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()


def copy_when_migrated() -> None:
    """Let test databases begin as copies of the migrated one, if there is one."""
    if os.environ.get(TEMPLATE):
        connection.settings_dict["TEST"]["TEMPLATE"] = os.environ[TEMPLATE]


def empty_where_written() -> None:
    """Remember the database as it is now, and go back to that after each test that commits."""
    _migrated.clear()
    _migrated.update(checksums(filled(tables())))
    TransactionTestCase._fixture_teardown = _empty  # type: ignore[attr-defined]  # private: no stub has it


def _empty(_test: TransactionTestCase) -> None:
    written = filled([table for table in tables() if table not in _migrated])
    if written:
        names = ", ".join(map(connection.ops.quote_name, written))
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {names} CASCADE")
    if checksums(list(_migrated)) != _migrated:
        call_command("flush", verbosity=0, interactive=False)
        empty_where_written()


def tables() -> list[str]:
    return list(connection.introspection.django_table_names(only_existing=True, include_views=False))


def filled(names: list[str]) -> list[str]:
    """Those of these tables that have a row."""
    found = _ask("SELECT '{name}', '' WHERE EXISTS (SELECT FROM {table})", names)
    return list(found)


def checksums(names: list[str]) -> dict[str, str]:
    return _ask("SELECT '{name}', md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {table} t", names)


def _ask(question: str, names: list[str]) -> dict[str, str]:
    """The answers of many tables in one statement."""
    asked = [question.format(name=name, table=connection.ops.quote_name(name)) for name in names]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(asked))
        return dict(cursor.fetchall())
