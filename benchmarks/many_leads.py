"""A database full of leads: demonstration data, multiplied by PostgreSQL. For `benchmarks.back_office`."""

import subprocess
import sys
from pathlib import Path
from random import Random

from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.tests.people import logged_in
from assessments.models import Assessment
from assessments.statistics.coarsening import coarsen
from encryption.email_addresses import address_hash
from leads.admin.paging import mark_of
from leads.models import Lead, SearchPage
from leads.search_pages import build_missing_pages
from leads.tabs import BEST_FIRST
from operations.demo import DOMAIN
from operations.demo.rows import COLUMNS, NULL, DemoRows
from scorecard import versions

SQL = Path(__file__).with_name("sql") / "fill_leads.sql"
QUESTIONNAIRE = ("scorecard/content/ai_reality_check.yaml", "ai_reality_check")
SAMPLES = 10_000  # assessments whose answers and scores the others share
CONTACT_COLUMNS = COLUMNS[-5:]
DEPTHS = (1, 2, 3, 3)
CHOICES = {"t": 55, NULL: 42, "f": 3}  # about being contacted: agreed, said nothing, objected; percent
COPY_CONSENTS = "COPY consents (address_hash, given, purpose, text, text_version, source) FROM STDIN"
SELLER = f"sales-0@{DOMAIN}"
TEAM = 100  # people of sales; with 100,000 leads a month each of them takes thirty a working day


def fill(leads: int, sealed: int) -> None:
    """Have as many leads, of which so many still have contact details, encrypted; and the samples."""
    if Assessment._meta.db_table not in connection.introspection.table_names():
        manage("migrate", "--verbosity", "0")
        manage("load_questionnaire", QUESTIONNAIRE[0], "--publish")
        manage("generate_demo_data", str(SAMPLES), "--yes")
    User.objects.bulk_create(
        [User(email=f"sales-{number}@{DOMAIN}", full_name=f"Sales {number}") for number in range(TEAM)],
        ignore_conflicts=True,
    )
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SET LOCAL work_mem = '256MB'")
        missing = leads - Assessment.objects.leads().count()
        open_ones = sealed - Assessment.objects.filter(email__isnull=False).count()
        if missing > 0:
            write_people(cursor, max(0, open_ones))
            for statement in SQL.read_text().split(";\n"):
                if statement.strip():
                    cursor.execute(statement, {"leads": missing, "sealed": max(0, open_ones)})
    coarsen(timezone.now())
    while build_missing_pages():
        pass
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        # Counted at once, the figures leave an index of twenty times its size, which the planner takes for
        # slow. Summed hour by hour, as in production, they take the room of those before.
        cursor.execute("VACUUM FULL daily_figures")
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("RESET statement_timeout")


def write_people(cursor: object, count: int) -> None:
    """Make the temporary table `people`: contact details by number, encrypted as the product does.

    What they said about being contacted is in the log of consents too.
    """
    rows = DemoRows(versions.current(QUESTIONNAIRE[1]), seed=99, now=timezone.now(), days=1)
    chance = Random(7)  # noqa: S311  # no secret
    connection.cursor().execute(
        "CREATE TEMP TABLE people (number integer, email text, first_name text, last_name text, "
        "company text, phone text, contact_choice boolean) ON COMMIT DROP"
    )
    consents = []
    names = ", ".join(("number", *CONTACT_COLUMNS, "contact_choice"))
    with cursor.copy(f"COPY people ({names}) FROM STDIN") as writer:  # type: ignore[attr-defined]  # psycopg's
        for number in range(1, count + 1):
            details = rows.contact(chance.choice(DEPTHS), number, chance.choice(("de", "en")))
            said = chance.choices(list(CHOICES), list(CHOICES.values()))[0]
            writer.write("\t".join((str(number), *details, said)) + "\n")
            if said != NULL:
                consents.append(f"{address_hash(rows.address(number))}\t{said}\tfollow_up\tx\tx\tapi\n")
    with cursor.copy(COPY_CONSENTS) as writer:  # type: ignore[attr-defined]  # psycopg's
        writer.write("".join(consents))


def manage(*command: str) -> None:
    subprocess.run([sys.executable, "manage.py", *command], check=True)  # noqa: S603  # our own commands


def counted() -> str:
    """How much there is, in words."""
    leads = Assessment.objects.leads()
    stored = leads.filter(email__isnull=False).count()
    pages = SearchPage.objects.count()
    return f"{leads.count():,} leads, {stored:,} of them with contact details, {pages} search pages"


def signed_in() -> tuple[Client, dict[str, str], str]:
    """A superuser's browser, {name: mark of a lead of the list of all}, and the key of a lead."""
    settings.DEBUG = False  # as in production: else Django keeps the text of each statement
    user, _ = User.objects.update_or_create(
        email=SELLER, defaults={"is_staff": True, "is_superuser": True, "full_name": "Sales 0"}
    )
    client = logged_in(user)  # by a second factor, which production requires: else each page asks for one
    client.defaults["SERVER_NAME"] = "localhost"
    leads = Lead.objects.leads().order_by(*BEST_FIRST, "-pk")
    middle = leads[leads.count() // 2]
    newest = leads.filter(email__isnull=False).latest("completed_at")
    return client, {"middle": mark_of(middle)}, str(newest.pk)
