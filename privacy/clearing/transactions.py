"""The limits of a clearing transaction, and how to tell that they ended one."""

from django.db import DatabaseError, connection

NO_LIMIT = "0"
BEGIN = """
SELECT set_config('statement_timeout', %s, true), set_config('lock_timeout', %s, true),
    set_config('enable_seqscan', 'off', true)
"""  # no sequential scan, which the planner prefers for small tables: each batch would read the whole table
CUT_OFF = {"57014", "55P03"}  # SQLSTATE of a statement timeout and of a lock timeout


def limit_transaction(*, statement: str, lock: str) -> None:
    """Set the statement and lock timeouts of this transaction, and make the planner use indexes."""
    with connection.cursor() as cursor:
        cursor.execute(BEGIN, [statement, lock])


def was_cut_off(error: DatabaseError) -> bool:
    return sqlstate(error) in CUT_OFF


def sqlstate(error: DatabaseError) -> str | None:
    return getattr(error.__cause__, "sqlstate", None)
