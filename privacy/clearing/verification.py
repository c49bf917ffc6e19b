"""Is it really gone? Every table of the data map is read again, whole, and the certificates are checked.

Nothing here trusts what the scrub wrote down about itself. The result holds counts, never values.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count
from django.utils.crypto import constant_time_compare, salted_hmac

from privacy.clearing.due import database_now, rows_past_retention, tables_with_retention
from privacy.datamap.planner_statistics import remembered
from privacy.datamap.processing_register import map_version
from privacy.datamap.sql_rules import cleared_columns, needs_clearing
from privacy.datamap.tables import TABLES
from privacy.datamap.vocabulary import Retention, Table
from privacy.models import ScrubCertificate
from privacy.models.certificate import FIRST, canonical_json

GRACE = timedelta(hours=2)  # the scrub and the clean-up run hourly
SALT = "privacy.clearing.verification"

# Whatever looks like an e-mail address, in any column of a row.
ADDRESS = r"[[:alnum:]._%+-]+@[[:alnum:]-]+(\.[[:alnum:]-]+)*\.[[:alpha:]]{2,}"


@dataclass(frozen=True, slots=True)
class Leftover:
    """So many rows of a table still hold something in a column; "row" where the row should be gone."""

    table: str
    column: str
    rows: int


@dataclass(frozen=True, slots=True)
class Verified:
    """What was found. `broken` is the first certificate that is not as it was sealed, or None."""

    at: datetime
    map_version: str
    left: tuple[Leftover, ...]
    certificates: int
    last_hash: str
    broken: int | None

    @property
    def clean(self) -> bool:
        return not self.left and self.broken is None

    def document(self) -> dict[str, Any]:
        """The result as JSON values, signed."""
        said = asdict(self) | {"at": self.at.isoformat(), "left": [asdict(each) for each in self.left]}
        return {"result": said, "signature": sign_result(said)}


def sign_result(said: dict[str, Any]) -> str:
    """A keyed hash: only who knows the SECRET_KEY of this installation can make it."""
    return salted_hmac(SALT, canonical_json(said), algorithm="sha256").hexdigest()


def is_signed_here(document: Any) -> bool:
    """Was this result signed here, and not changed since?"""
    try:
        return constant_time_compare(document["signature"], sign_result(document["result"]))
    except (KeyError, TypeError):
        return False


def verify_scrub(grace: timedelta = GRACE) -> Verified:
    """Read everything that was due before `grace` began, and every certificate."""
    now = database_now()
    before = now - grace
    left = [found for table in tables_with_retention() for found in leftovers_by_rule(*table, before)]
    left += [Leftover(table, f"statistics of {column}", 1) for table, column in sorted(remembered())]
    left += [found for name in tables_to_search() for found in leftover_addresses(name, before)]
    count, last, broken = check_chain()
    return Verified(now, map_version(), tuple(left), count, last, broken)


def leftovers_by_rule(name: str, table: Table, retention: Retention, now: datetime) -> Iterator[Leftover]:
    """What the rules of the map should have cleared, column by column. One query."""
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
    """Tables in which nobody should be found: scrubbed ones past their time, and our own records."""
    scrubbed = [name for name, _, retention in tables_with_retention() if not retention.delete_row]
    return [*scrubbed, "system_logs", "scrub_certificates"]


def leftover_addresses(name: str, now: datetime) -> Iterator[Leftover]:
    """Rows with something that looks like an address, wherever: the map itself may be wrong."""
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
    """How many certificates there are, the hash of the last, and the first that is not as it was sealed."""
    count, last = 0, FIRST
    for certificate in ScrubCertificate.objects.sealed().iterator():
        count += 1
        same = (certificate.number, certificate.previous) == (count, last)
        if not same or certificate.hash != certificate.digest():
            return count, last, count
        last = certificate.hash
    return count, last, None
