"""Everywhere a canary could have left something."""

import hashlib
import json
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import redis

from privacy.datamap.tables import TABLES
from privacy.datamap.vocabulary import BY_QUESTION, DataClass
from tests.canary.person import ADDRESS, MARKS, PHONE, WORD, Person
from tests.product import Product

ABOUT_PEOPLE = {DataClass.PERSONAL, DataClass.PSEUDONYMOUS, DataClass.STAFF}
MONITOR = "redis monitor"


@contextmanager
def monitored(product: Product) -> Iterator[list[bytes]]:
    """Every command that Redis is given until the block ends."""
    seen: list[bytes] = []
    client = redis.Redis.from_url(product.services["redis_url"])
    with client, client.monitor() as monitor:  # type: ignore[no-untyped-call]  # redis-py's own

        def listen() -> None:
            with suppress(redis.RedisError, OSError, ValueError):  # the connection was closed: enough heard
                seen.extend(str(command["command"]).encode() for command in monitor.listen())

        listener = threading.Thread(target=listen, daemon=True)
        listener.start()
        yield seen
        monitor.connection.disconnect()
        listener.join(10)


def hits(kept: dict[str, bytes], secrets: Iterable[str] = ()) -> dict[str, set[str]]:
    """What of the canaries can be read, by place."""
    found = {}
    for place, content in kept.items():
        marks = {each.decode().lower() for each in MARKS.findall(content)}
        marks |= {"a token" for secret in secrets if secret.encode() in content}
        if marks:
            found[place] = marks
    return found


def not_erased(kept: dict[str, bytes], people: Iterable[Person]) -> dict[str, set[str]]:
    """What can still be read of those who asked to be erased, by place."""
    found: dict[str, set[str]] = {}
    for person in people:
        for place, content in kept.items() if person.erased else ():
            if marks := {each.decode().lower() for each in person.marks.findall(content)}:
                found.setdefault(place, set()).update(marks)
    return found


def in_hubspot(account: dict[str, Any], people: Iterable[Person]) -> dict[str, set[str]]:
    """Of those who asked to be erased, whom HubSpot still has as a contact, and whom it would take again."""
    erased = [person for person in people if person.erased]
    unblocked = {
        person.erased
        for person in erased
        if hashlib.sha256(person.erased.encode()).hexdigest() not in account["blocked"]
    }
    found = not_erased({"HubSpot's contacts": json.dumps(account["contacts"]).encode()}, erased)
    return found | ({"not on HubSpot's list of erased people": unblocked} if unblocked else {})


def marked_columns(cursor: Any) -> dict[str, set[str]]:
    """The columns that hold a mark, by table: the cursor's transaction sees them."""
    cursor.execute(
        "SELECT table_name, array_agg(column_name::text) FROM information_schema.columns"
        " WHERE table_schema = 'public' GROUP BY table_name"
    )
    found = {}
    for table, columns in cursor.fetchall():
        tests = ", ".join(
            f"""bool_or("{column}"::text ~* '{WORD}|{PHONE}|{ADDRESS}')""" for column in columns
        )
        cursor.execute(f'SELECT {tests} FROM "{table}"')
        marked = {column for column, holds in zip(columns, cursor.fetchone(), strict=True) if holds}
        if marked:
            found[table] = marked
    return found


def marked_statistics(cursor: Any) -> dict[str, set[str]]:
    """The columns of which the planner remembers a mark, after an ANALYZE."""
    cursor.execute("ANALYZE")
    cursor.execute(
        "SELECT tablename || '.' || attname FROM pg_stats WHERE schemaname = 'public'"
        f" AND concat(most_common_vals, histogram_bounds) ~* '{WORD}|{PHONE}|{ADDRESS}'"
    )
    found = {column for (column,) in cursor.fetchall()}
    cursor.execute(
        "SELECT statistics_name FROM pg_stats_ext WHERE schemaname = 'public'"
        f" AND most_common_vals::text ~* '{WORD}|{PHONE}|{ADDRESS}'"
    )
    found |= {name for (name,) in cursor.fetchall()}
    return {"statistics of the planner": found} if found else {}


def off_the_map(marked: dict[str, set[str]]) -> dict[str, set[str]]:
    """Those where the data map says that nothing of a person is. Of answers their questions decide."""
    listed = {
        name: {
            column
            for column, entry in table.columns.items()
            if entry.kind in ABOUT_PEOPLE or entry.rule in BY_QUESTION
        }
        for name, table in TABLES.items()
    }
    lost = {table: columns - listed.get(table, set()) for table, columns in marked.items()}
    return {table: columns for table, columns in lost.items() if columns}
