"""The weekly summary: last week in a few sentences, for sales leads. It names no prospect."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

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

    Each reads it in their language. A mail server that is away loses nothing: the next hour tries again.
    """
    span = last_week(now.date())
    week = f"{span.first:%G-W%V}"
    readers = list(User.objects.staff_with(READERS))
    if not (readers and settings.MAIL_IS_SET_UP):
        return False
    if not first_within(QUIET, EVENT, "The weekly summary was mailed", cause=week, to=len(readers)):
        return False
    languages = sorted({user.language for user in readers})
    try:
        get_connection().send_messages([mail_in(language, span, readers) for language in languages])
    except (SMTPException, OSError):
        forget_last(EVENT, week)
        raise
    return True


def mail_in(language: str, span: Span, readers: Sequence[User]) -> EmailMessage:
    """The summary for those of the readers who read this language."""
    addresses = [user.email for user in readers if user.language == language]
    with translation.override(language):
        subject = _("Your leads in week %(week)s") % {"week": f"{span.first:%V}"}
        return EmailMessage(subject, summary(span), bcc=addresses)


def summary(span: Span) -> str:
    """The week in words of the active language, compared with the one before."""
    now, before = figures_of(span, Segment()), figures_of(span.before(), Segment())
    link = settings.PUBLIC_URL.rstrip("/") + reverse("admin:leads_figures")
    days = {"first": date_format(span.first, _("j F")), "last": date_format(span.last, _("j F Y"))}
    finished, qualified = against(now, before, "finished"), against(now, before, "qualified")
    lines = [
        _("%(first)s to %(last)s") % days,
        "",
        _("%(started)d started, %(finished)d finished (%(change)s).") % {**now, "change": finished},
        _("%(address)d left an address.") % now,
        _("%(qualified)d qualified (%(change)s).") % {**now, "change": qualified},
        contact_sentence(now),
        waiting_sentence(call_now().count()),
        *owner_lines(now["owners"]),
        "",
        _("All figures: %(link)s") % {"link": f"{link}?from={span.first}&until={span.last}&compare=before"},
    ]
    return "\n".join(lines) + "\n"


def against(now: dict[str, Any], before: dict[str, Any], key: str) -> str:
    """`4 more than the week before`."""
    change = now[key] - before[key]
    if not change:
        return _("as many as the week before")
    words = (
        _("%(count)d more than the week before") if change > 0 else _("%(count)d fewer than the week before")
    )
    return words % {"count": abs(change)}


def contact_sentence(now: dict[str, Any]) -> str:
    if not now["contacted"]:
        return _("None of last week's leads was contacted yet.")
    words = ngettext(
        "%(contacted)d was contacted, within %(speed)s; %(won)d won.",
        "%(contacted)d were contacted, half of them within %(speed)s; %(won)d won.",
        now["contacted"],
    )
    return words % {**now, "speed": duration_in_words(timedelta(seconds=now["speed_seconds"] or 0))}


def waiting_sentence(calls: int) -> str:
    words = ngettext("%(count)d waits for a first call now.", "%(count)d wait for a first call now.", calls)
    return words % {"count": calls}


def owner_lines(owners: list[dict[str, Any]]) -> list[str]:
    return [
        "- "
        + ngettext(
            "%(owner)s: %(leads)d lead, %(contacted)d contacted, %(won)d won",
            "%(owner)s: %(leads)d leads, %(contacted)d contacted, %(won)d won",
            row["leads"],
        )
        % row
        for row in owners
    ]
