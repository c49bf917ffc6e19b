"""Search pages: built of the leads of an hour, read by the search and by filters on contact details.

A page is lines of UTF-8, newest lead first: key, country of the phone number, its digits, company and text,
between tabs. Company and text are folded (folding.py) and hold no line break.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import psycopg
from django.db import connection, transaction
from django.db.models import Q

from assessments.models import Assessment
from assessments.models.contact import CONTACT_FIELDS
from assessments.retention import retention_period
from encryption.keys import MARK, KeyMissing, key_ring
from leads.folding import search_keys, significant_digits
from leads.models import SearchPage
from leads.models.search_page import LOCK, LOCKS
from leads.phone_numbers import phone_number
from queues.database_clock import database_now

COLUMN = "content"  # what the ciphertext is bound to
ENDED = timedelta(minutes=10)  # after an hour; nobody who came in it is then still typing a name
AT_ONCE = 500  # pages of one run of the task
MOST_GAPS = 40  # conditions of one query
HOUR = 3600  # seconds
MISSING = """
SELECT hour FROM generate_series(%(first)s, %(last)s) AS hour
EXCEPT SELECT hour FROM lead_search_pages WHERE CASE WHEN length(%(prefix)s::bytea) > 0
    THEN substring(content FOR length(%(prefix)s::bytea)) = %(prefix)s::bytea
    ELSE substring(content FOR 1) <> %(mark)s::bytea END
ORDER BY hour DESC LIMIT %(most)s
"""
OTHER_FIELDS = ("referrer_source", "utm", "score_category")
FIELDS = ("pk", *CONTACT_FIELDS, *OTHER_FIELDS, "language")


class Line(NamedTuple):
    """What is compared of one lead. `text`: every word that finds it, folded.

    A tuple, and the key in hex as in the page: thousands are made for one search.
    """

    key: str
    country: str
    digits: str
    company: str
    text: str

    def __str__(self) -> str:
        return "\t".join(self)


def line_of(
    key: UUID,
    email: str | None,
    first_name: str | None,
    last_name: str | None,
    company: str | None,
    phone: str | None,
    referrer: str | None,
    utm: dict[str, str],
    category: str | None,
    language: str,
) -> Line:
    details = (email, first_name, last_name, company, phone, referrer, *utm.values(), category)
    return Line(
        key.hex,
        phone_number(phone, language).country if phone else "",
        significant_digits(phone or ""),
        one_line(search_keys(company or "")),
        one_line(search_keys(" ".join(str(detail) for detail in details if detail))),
    )


def one_line(text: str) -> str:
    return " ".join(text.split())


def read_line(line: str) -> Line:
    return Line(*line.split("\t", 4))


def build_missing_pages() -> int:
    """Build the pages of hours that have ended and have none, the newest first; return how many.

    Quiet hours get an empty page: what has none is searched lead by lead.
    """
    oldest = identified_leads().order_by("created_at").values_list("created_at", flat=True).first()
    if oldest is None:
        SearchPage.objects.all().delete()
        return 0
    first, last = hour_of(oldest), hour_of(database_now() - ENDED) - 1
    SearchPage.objects.filter(hour__lt=first).delete()
    encrypted = {"prefix": key_ring().prefix.encode(), "mark": MARK.encode()}
    with connection.cursor() as cursor:
        cursor.execute(MISSING, {"first": first, "last": last, "most": AT_ONCE, **encrypted})
        hours = [hour for (hour,) in cursor.fetchall()]
    for hour in hours:
        build_page(hour)
    return len(hours)


def hour_of(moment: datetime) -> int:
    return int(moment.timestamp()) // HOUR


def build_page(hour: int) -> None:
    """Build the page of one hour, in a transaction."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, hour % LOCKS])
        lines = [str(line_of(*row)) for row in leads_of(hour).values_list(*FIELDS)]
        expires_at = datetime.fromtimestamp(hour * HOUR, UTC) + retention_period()
        content = "\n".join(lines).encode()
        SearchPage.objects.filter(hour=hour).delete()  # one of a lost key could not even be read
        SearchPage.objects.create(hour=hour, content=content, expires_at=expires_at)


def leads_of(hour: int) -> Any:
    """Leads with contact details that were started in this hour, newest first."""
    start, end = (datetime.fromtimestamp(each * HOUR, UTC) for each in (hour, hour + 1))
    return identified_leads().filter(created_at__gte=start, created_at__lt=end)


def identified_leads() -> Any:
    return Assessment.objects.leads().filter(email__isnull=False).order_by("-created_at")


def stored_pages() -> Iterator[tuple[int, str]]:
    """Yield hour and content of every readable page, newest first. One query, in binary."""
    connection.ensure_connection()
    ring = key_ring()
    with psycopg.Cursor(connection.connection) as cursor:
        cursor.execute("SELECT hour, content FROM lead_search_pages ORDER BY hour DESC", binary=True)
        for hour, content in cursor:
            try:
                yield hour, ring.decrypt_bytes(COLUMN, content).decode()
            except KeyMissing:
                continue  # built again by the task; until then its leads are decrypted one by one


def leads_without_page(hours: Sequence[int], most: int) -> Any:
    """The columns FIELDS, completed_at and created_at of the newest `most` leads with contact details on none
    of these pages.

    One statement with a part for each gap, which the index for the scrub holds in its order: PostgreSQL reads
    no index in order for one OR another stretch of time.
    """
    parts = []
    for first, end in gaps_of(sorted(hours))[-MOST_GAPS:]:
        since = Q(created_at__gte=datetime.fromtimestamp(first * HOUR, UTC)) if first else Q()
        until = Q(created_at__lt=datetime.fromtimestamp(end * HOUR, UTC)) if end else Q()
        leads = identified_leads().filter(since & until).order_by("-created_at", "-pk")
        parts.append(leads.values_list(*FIELDS, "completed_at", "created_at")[:most])
    newest, *older = parts[::-1]
    return newest.union(*older, all=True).order_by("-created_at")[:most] if older else newest


def gaps_of(hours: Sequence[int]) -> list[tuple[int, int]]:
    """[(first hour, hour after the last)] between these ascending hours, 0 for no bound."""
    if not hours:
        return [(0, 0)]
    found = [(0, hours[0])]
    for hour, following in zip(hours, [*hours[1:], 0], strict=True):
        if following != hour + 1:
            found.append((hour + 1, following))
    return found
