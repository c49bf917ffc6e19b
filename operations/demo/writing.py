"""Write demonstration data by COPY, count it in the figures, and remove it again.

Answers are not sent one by one: PostgreSQL has the few hundred sets of them, and which assessment gave which.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Any

from django.db import connection, models, transaction

from accounts.models import User
from assessments.models import Assessment, Consent, Response
from assessments.statistics.figure import DailyFigure
from assessments.statistics.triggers import CountAnswers, CountStart
from encryption.email_addresses import address_hash
from leads.models import LeadWork
from operations.demo import DOMAIN, MARK
from operations.demo.experiment import make_experiment, remove_experiment, write_exposures
from operations.demo.rows import COLUMNS, CONSENT_COLUMNS, DemoRows, Row, demo_address
from operations.demo.sessions import write_sessions
from operations.demo.work import make_colleagues, write_work

SQL = Path(__file__).parent / "sql"
TABLES, CELLS, ANSWERS, COUNT, UNCOUNT, VIEWS = (
    (SQL / f"{name}.sql").read_text() for name in ("tables", "cells", "answers", "count", "uncount", "views")
)
BATCH = 50_000  # assessments of a transaction
PIECE = 1_000  # lines that are sent at once
COUNTED_BELOW: tuple[tuple[Any, type[models.Model]], ...] = (
    (CountStart(), Assessment),
    (CountAnswers(), Response),
)
DELETED_AT_ONCE = 2_000


def demo_assessments() -> Any:
    """Return the assessments of demonstration data."""
    return Assessment.objects.filter(session_id__startswith=MARK)


def generate(rows: DemoRows, count: int, *, first: int = 0) -> Iterator[Counter[str]]:
    """Write `count` assessments with their answers; yield the rows of each table after each transaction."""
    colleagues = make_colleagues()
    make_experiment(rows.now)
    for start in range(first, first + count, BATCH):
        batch = list(rows.rows(start, min(BATCH, first + count - start)))
        with transaction.atomic():
            yield write(batch, rows, colleagues)


def write(batch: Sequence[Row], rows: DemoRows, colleagues: Sequence[User]) -> Counter[str]:
    """Write one batch, all or nothing; return the number of rows by table."""
    with connection.cursor() as cursor:
        ignored = ",".join(trigger.get_pgid(model) for trigger, model in COUNTED_BELOW)
        cursor.execute("SELECT set_config('pgtrigger.ignore', %s, true)", [f"{{{ignored}}}"])
        copy(cursor, "assessments", COLUMNS, (row.line for row in batch))
        answers, figures = write_answers(cursor, batch, rows), count(cursor, COUNT)
        figures += count(cursor, VIEWS, ids=[row.id for row in batch], sign=1)
        seen = write_exposures(cursor, [row.id for row in batch])
        cursor.execute("SELECT set_config('pgtrigger.ignore', '', true)")  # for whoever's transaction this is
    left = Counter((row.created_at.date(), row.left_at) for row in batch if row.left_at is not None)
    DailyFigure.objects.bulk_create(
        DailyFigure(day=day, version_id=rows.version.id, figure="left", number=step, assessments=number)
        for (day, step), number in left.items()
    )
    consents = [row.consent for row in batch if row.consent]
    with connection.cursor() as cursor:
        copy(cursor, "consents", CONSENT_COLUMNS, iter(consents))
    sessions = write_sessions(batch, rows)
    work = write_work([row for row in batch if row.is_open], rows, colleagues)
    return Counter(
        {
            "assessments": len(batch),
            "responses": answers,
            "daily_figures": figures + len(left),
            "consents": len(consents),
            "assessment_sessions": sessions,
            "experiment_exposures": seen,
            **work,
        }
    )


def write_answers(cursor: Any, batch: Sequence[Row], rows: DemoRows) -> int:
    """Write the answers of these assessments, which stay in temporary tables too; return how many."""
    cursor.execute(TABLES)
    lines = (
        f"{place}\t{number}\t{line}"
        for place, given in enumerate(rows.sets)
        for number, line in enumerate(given.lines)
    )
    copy(cursor, "demo_answers", ("place", "number", "question_key", "value", "seconds"), lines)
    runs = (f"{row.id}\t{row.given}\n" for row in batch if row.given is not None)
    unfinished = (f"{row.id}\t\\N\n" for row in batch if row.given is None)
    copy(cursor, "demo_runs", ("id", "place"), chain(runs, unfinished))
    cursor.execute(CELLS)
    return count(cursor, ANSWERS)


def count(cursor: Any, statement: str, **values: Any) -> int:
    """Return how many rows a statement wrote."""
    cursor.execute(statement, values or None)
    return int(cursor.rowcount)


def copy(cursor: Any, table: str, columns: Sequence[str], lines: Iterator[str]) -> None:
    with cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as writer:
        while piece := "".join(islice(lines, PIECE)):
            writer.write(piece)


def remove() -> int:
    """Delete all demonstration data, and take it out of the figures; return the number of assessments."""
    removed = 0
    while found := dict(demo_assessments().values_list("pk", "session_id")[:DELETED_AT_ONCE]):
        keys, people = list(found), [address_hash(demo_address(each)) for each in found.values()]
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(UNCOUNT, {"ids": keys})
            cursor.execute(VIEWS, {"ids": keys, "sign": -1})
            Assessment.objects.filter(pk__in=keys).delete()
            Consent.objects.filter(address_hash__in=people).delete()
        removed += len(keys)
    LeadWork.objects.filter(owner__email__endswith=f"@{DOMAIN}").update(owner=None, owned_at=None)
    User.objects.filter(email__endswith=f"@{DOMAIN}").delete()
    remove_experiment()
    return removed
