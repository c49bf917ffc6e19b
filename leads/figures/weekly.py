"""The weekly summary: last week in a few sentences, for sales leads. It names no prospect."""

from datetime import date, datetime, timedelta
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse

from accounts.models import User
from leads.figures.counting import figures_of
from leads.figures.period import Span
from leads.figures.segment import Segment
from leads.tabs import call_now
from queues.alarms import first_within, forget_last
from web.formatting import duration_in_words

EVENT = "weekly_summary"
QUIET = timedelta(days=8)  # longer than a week is news
READERS = "leads.assign_lead"


def last_week(today: date) -> Span:
    """The last whole week, Monday to Sunday."""
    sunday = today - timedelta(days=today.isoweekday())
    return Span(sunday - timedelta(days=6), sunday)


def send_weekly_summary(now: datetime) -> bool:
    """Mail last week's summary to whoever leads sales, once a week; False if it was sent, or nobody reads it.

    A mail server that is away loses nothing: the next hour tries again.
    """
    span = last_week(now.date())
    week = f"{span.first:%G-W%V}"
    readers = [user.email for user in User.objects.staff_with(READERS)]
    if not (readers and settings.MAIL_IS_SET_UP):
        return False
    if not first_within(QUIET, EVENT, "The weekly summary was mailed", cause=week, to=len(readers)):
        return False
    try:
        EmailMessage(f"Your leads in week {span.first:%V}", summary(span), bcc=readers).send()
    except (SMTPException, OSError):
        forget_last(EVENT, week)
        raise
    return True


def summary(span: Span) -> str:
    """The week in words, compared with the one before."""
    now, before = figures_of(span, Segment()), figures_of(span.before(), Segment())
    link = settings.PUBLIC_URL.rstrip("/") + reverse("admin:leads_figures")
    lines = [
        f"{span.first:%d %B} to {span.last:%d %B %Y}",
        "",
        f"{now['started']} started, {now['finished']} finished ({against(now, before, 'finished')}).",
        f"{now['address']} left an address.",
        f"{now['qualified']} qualified ({against(now, before, 'qualified')}).",
        contact_sentence(now),
        f"{call_now().count()} wait for a first call now.",
        *owner_lines(now["owners"]),
        "",
        f"All figures: {link}?from={span.first}&until={span.last}&compare=before",
    ]
    return "\n".join(lines) + "\n"


def against(now: dict[str, Any], before: dict[str, Any], key: str) -> str:
    """`4 more than the week before`."""
    change = now[key] - before[key]
    if not change:
        return "as many as the week before"
    return f"{abs(change)} {'more' if change > 0 else 'fewer'} than the week before"


def contact_sentence(now: dict[str, Any]) -> str:
    if not now["contacted"]:
        return "None of last week's leads was contacted yet."
    speed = duration_in_words(timedelta(seconds=now["speed_seconds"] or 0))
    return f"{now['contacted']} were contacted, half of them within {speed}; {now['won']} won."


def owner_lines(owners: list[dict[str, Any]]) -> list[str]:
    return [
        f"- {row['owner']}: {row['leads']} leads, {row['contacted']} contacted, {row['won']} won"
        for row in owners
    ]
