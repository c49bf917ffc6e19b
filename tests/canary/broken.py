"""`... tests.canary.broken`: what the canary finds when the scrub leaves out a table, each in turn, as JSON.

Time passes, the scrub runs and the looking is done in a transaction that is rolled back.
"""

import json

from django.db import connection, transaction

from privacy.clearing.due import SESSIONS
from privacy.clearing.expired_sessions import cleanup_sessions
from privacy.clearing.scrub import scrub
from privacy.datamap.tables import TABLES
from tests.canary.places import marked_columns
from tests.product import pass_time


def main() -> None:
    with connection.cursor() as cursor:
        tables = list(marked_columns(cursor))
    print(json.dumps({name: found_without(name) for name in tables}))


def found_without(name: str) -> list[str]:
    """The tables in which marks are left when the scrub does not know this one."""
    left_out = TABLES.pop(name)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            pass_time(cursor, days=31)
            scrub()
            if name != SESSIONS:
                cleanup_sessions()
            found = sorted(marked_columns(cursor))
            transaction.set_rollback(True)
    finally:
        TABLES[name] = left_out
    return found


if __name__ == "__main__":
    main()
