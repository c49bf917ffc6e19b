"""Write demonstration data by COPY, count it in the figures, and remove it again."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from django.contrib.auth.models import Group
from django.db import connection, transaction

from accounts.models import User
from assessments.models import Assessment
from assessments.statistics.figure import DailyFigure
from assessments.statistics.triggers import CountStart
from leads.models import ContactOutcome, LeadWork
from operations.demo import DOMAIN, MARK
from operations.demo.rows import ANSWER_COLUMNS, COLUMNS, DemoRows, Row

SQL = Path(__file__).parent / "sql"
COUNT, UNCOUNT = (SQL / "count.sql").read_text(), (SQL / "uncount.sql").read_text()
BATCH = 20_000  # assessments of a transaction
DELETED_AT_ONCE = 2_000
COLLEAGUES = ("Mona Sommer", "Tom Keller", "Lea Brandt")
WORKED_ON = 0.6  # of the leads with contact details


def demo_assessments() -> Any:
    """Return the assessments of demonstration data."""
    return Assessment.objects.filter(session_id__startswith=MARK)


def generate(rows: DemoRows, count: int, *, first: int = 0) -> Iterator[int]:
    """Write `count` assessments with their answers; yield the number of rows after each transaction."""
    colleagues = make_colleagues()
    for start in range(first, first + count, BATCH):
        batch = list(rows.rows(start, min(BATCH, first + count - start)))
        with transaction.atomic():
            yield write(batch, rows, colleagues)


def write(batch: Sequence[Row], rows: DemoRows, colleagues: Sequence[User]) -> int:
    """Write one batch, all or nothing; return the number of rows."""
    with connection.cursor() as cursor:
        model: Any = Assessment
        trigger = f"{{{CountStart().get_pgid(model)}}}"  # counted at once, below
        cursor.execute("SELECT set_config('pgtrigger.ignore', %s, true)", [trigger])
        copy(cursor, "assessments", COLUMNS, (row.line for row in batch))
        copy(cursor, "responses", ANSWER_COLUMNS, (line for row in batch for line in row.answers))
        cursor.execute(COUNT, {"ids": [row.id for row in batch]})
        counted = int(cursor.rowcount)
    left = Counter((row.created_at.date(), row.left_at) for row in batch if row.left_at is not None)
    DailyFigure.objects.bulk_create(
        DailyFigure(day=day, version_id=rows.version.id, figure="left", number=step, assessments=number)
        for (day, step), number in left.items()
    )
    work = list(work_on([row for row in batch if row.is_open], rows.random, colleagues))
    LeadWork.objects.bulk_create(work)
    return len(batch) + sum(len(row.answers) for row in batch) + counted + len(left) + len(work)


def copy(cursor: Any, table: str, columns: Sequence[str], lines: Iterator[str]) -> None:
    with cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as writer:
        for line in lines:
            writer.write(line)


def work_on(leads: Sequence[Row], random: Random, colleagues: Sequence[User]) -> Iterator[LeadWork]:
    """Yield what colleagues did with some of these leads."""
    outcomes = (*ContactOutcome.values, "reached", "no_answer", "no_answer")
    for lead in leads:
        if random.random() < WORKED_ON:
            done = random.random() < 0.7
            contacted = lead.created_at.replace(second=0)
            yield LeadWork(
                assessment_id=UUID(lead.id),
                owner=random.choice(colleagues),
                owned_at=contacted,
                outcome=random.choice(outcomes) if done else "",
                first_contact_at=contacted if done else None,
                last_contact_at=contacted if done else None,
            )


def make_colleagues() -> list[User]:
    """Return the sales people of demonstration data, who cannot log in."""
    found = []
    for name in COLLEAGUES:
        address = f"{name.split()[0].lower()}@{DOMAIN}"
        user, is_new = User.objects.get_or_create(
            email=address, defaults={"full_name": name, "is_staff": True, "is_active": False}
        )
        if is_new:
            user.set_unusable_password()
            user.save(update_fields=["password"])
            user.groups.add(*Group.objects.filter(name="Sales"))
        found.append(user)
    return found


def remove() -> int:
    """Delete all demonstration data, and take it out of the figures; return the number of assessments."""
    removed = 0
    while keys := list(demo_assessments().values_list("pk", flat=True)[:DELETED_AT_ONCE]):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(UNCOUNT, {"ids": keys})
            Assessment.objects.filter(pk__in=keys).delete()
        removed += len(keys)
    LeadWork.objects.filter(owner__email__endswith=f"@{DOMAIN}").update(owner=None, owned_at=None)
    User.objects.filter(email__endswith=f"@{DOMAIN}").delete()
    return removed
