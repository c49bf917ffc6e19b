"""Verify the scrub: re-read every table of the data map in full, and check the certificate chain.

Independent of what the scrub recorded about itself. The result holds counts, never values.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count
from django.utils.crypto import constant_time_compare, salted_hmac

from privacy.clearing.due import rows_past_retention, tables_with_retention
from privacy.datamap.planner_statistics import columns_with_values, naming_columns
from privacy.datamap.processing_register import map_version
from privacy.datamap.sql_rules import cleared_columns, needs_clearing
from privacy.datamap.tables import TABLES
from privacy.datamap.vocabulary import Retention, Table
from privacy.models import ScrubCertificate
from privacy.models.certificate import FIRST, canonical_json
from queues.database_clock import database_now

GRACE = timedelta(hours=2)  # the scrub and the session clean-up run hourly
SALT = "privacy.clearing.verification"

# Text that looks like an e-mail address, in any column of a row.
ADDRESS = r"[[:alnum:]._%+-]+@[[:alnum:]-]+(\.[[:alnum:]-]+)*\.[[:alpha:]]{2,}"


# Deleted or changed rows stay in the file of their table until VACUUM. Approximate, as PostgreSQL counts.
DEAD_ROWS = """
SELECT coalesce(sum(n_dead_tup), 0) FROM pg_stat_user_tables
WHERE schemaname = current_schema() AND relname = ANY(%s)
"""


@dataclass(frozen=True, slots=True)
class Leftover:
    """The rows of a table that still have a value in a column; the column is "row" for undeleted rows."""

    table: str
    column: str
    rows: int


@dataclass(frozen=True, slots=True)
class Verified:
    """The result of a verification. `broken` is the number of the first invalid certificate, or None.

    `dead_rows`: those that nobody can select any more and that await VACUUM, of tables with personal data.
    """

    at: datetime
    map_version: str
    left: tuple[Leftover, ...]
    certificates: int
    last_hash: str
    broken: int | None
    dead_rows: int = 0

    @property
    def clean(self) -> bool:
        return not self.left and self.broken is None

    def document(self) -> dict[str, Any]:
        """Return the result as signed JSON values."""
        content = asdict(self) | {"at": self.at.isoformat(), "left": [asdict(each) for each in self.left]}
        return {"result": content, "signature": sign_result(content)}


def sign_result(content: dict[str, Any]) -> str:
    """Sign with a keyed hash, which only this installation's SECRET_KEY can produce."""
    return salted_hmac(SALT, canonical_json(content), algorithm="sha256").hexdigest()


def is_signed_here(document: Any) -> bool:
    """Whether this result was signed by this installation and is unchanged."""
    try:
        return constant_time_compare(document["signature"], sign_result(document["result"]))
    except (KeyError, TypeError):
        return False


def verify_scrub(grace: timedelta = GRACE) -> Verified:
    """Verify that everything due `grace` ago is cleared, and check every certificate."""
    now = database_now()
    before = now - grace
    left = [found for table in tables_with_retention() for found in leftovers_by_rule(*table, before)]
    left += [Leftover(table, f"statistics of {column}", 1) for table, column in sorted(columns_with_values())]
    left += [found for name in tables_to_search() for found in leftover_addresses(name, before)]
    count, last, broken = check_chain()
    return Verified(now, map_version(), tuple(left), count, last, broken, dead_rows())


def dead_rows() -> int:
    """Return the number of dead rows of tables with personal data.

    Whether their old values are still in the file is not looked at: only a superuser may (pageinspect).
    """
    tables = sorted({table for table, _column in naming_columns()})
    with connection.cursor() as cursor:
        cursor.execute(DEAD_ROWS, [tables])
        return int(cursor.fetchone()[0])


def leftovers_by_rule(name: str, table: Table, retention: Retention, now: datetime) -> Iterator[Leftover]:
    """Yield the columns that should have been cleared by the data map but still have values. One query."""
    rows = rows_past_retention(name, retention, now)
    if retention.delete_row:
        counts = {"row": rows.count()}
    else:
        columns = cleared_columns(table)
        holding = {
            f"left_{column}": Count("pk", filter=needs_clearing(column, columns[column]))
            for column in columns
        }
        counts = {key.removeprefix("left_"): n for key, n in rows.aggregate(**holding).items()}
    yield from (Leftover(name, column, count) for column, count in counts.items() if count)


def tables_to_search() -> list[str]:
    """Return the tables that must not contain addresses: scrubbed ones past retention, and our records."""
    scrubbed = [name for name, _, retention in tables_with_retention() if not retention.delete_row]
    return [*scrubbed, "system_logs", "scrub_certificates"]


def leftover_addresses(name: str, now: datetime) -> Iterator[Leftover]:
    """Yield rows containing anything like an e-mail address, in case the data map itself is wrong."""
    retention = TABLES[name].retention
    query, parameters = f'SELECT * FROM "{name}"', ()  # noqa: S608  # a name of the map
    if retention:
        query, parameters = rows_past_retention(name, retention, now).query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM ({query}) AS found WHERE found::text ~ %s",  # noqa: S608  # ours as well
            [*parameters, ADDRESS],
        )
        if count := cursor.fetchone()[0]:
            yield Leftover(name, "anywhere", count)


def check_chain() -> tuple[int, str, int | None]:
    """Return the number of certificates, the last hash, and the number of the first invalid one, or None."""
    count, last = 0, FIRST
    for certificate in ScrubCertificate.objects.sealed().iterator():
        count += 1
        same = (certificate.number, certificate.previous) == (count, last)
        if not same or certificate.hash != certificate.digest():
            return count, last, count
        last = certificate.hash
    return count, last, None
