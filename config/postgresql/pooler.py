"""A pooler in front of PostgreSQL that does not fit the settings is refused before it fails a visitor."""

import psycopg
from django.conf import settings
from django.db import connection

from config.environment import refuse_start
from web.databases.pooler import is_pooled_by_transaction

CONNECT_SECONDS = 3
REFUSED = "unsupported startup parameter"  # PgBouncer's words
MANUAL = "see PgBouncer in docs/operations.md."
Refusal = tuple[str, str, str]  # the setting, its problem, the fix


def refuse_unfit_pooler() -> None:
    """Exit with one line if requests cannot succeed. A database that does not answer may come up later."""
    try:
        pooled = is_pooled_by_transaction(
            connection.get_connection_params() | {"connect_timeout": CONNECT_SECONDS}
        )
    except psycopg.errors.ProtocolViolation:
        refuse_start("DATABASE_URL", "names a pooler that takes no transactions", "Set its pool_mode.")
    except psycopg.Error as error:
        if refusal := refusal_in(error):
            refuse_start(*refusal)
        return
    if pooled and settings.PREPARE_STATEMENTS:
        refuse_start(*timeouts_on("gives each transaction another connection"))


def refusal_in(error: Exception) -> Refusal | None:
    """What to change if a pooler refused the connection because of what the settings ask for."""
    if REFUSED not in str(error):
        return None
    if settings.PREPARE_STATEMENTS:
        return timeouts_on("refuses timeouts")
    return "DATABASE_URL", "has options that a pooler refuses", f"Set them for the role: {MANUAL}"


def timeouts_on(problem: str) -> Refusal:
    words = f"is on, and the pooler at DATABASE_URL {problem}"
    return "DATABASE_SEND_TIMEOUTS", words, f"Set it to false: {MANUAL}"
