"""The privacy notice: its retention periods come from the data map and the current settings."""

from dataclasses import dataclass

from constance import config
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from assessments.retention import retention_period
from privacy.clearing.due import retention_days
from privacy.datamap.tables import TABLES
from privacy.datamap.vocabulary import Basis, Recipient
from privacy.pages.self_service import reaching_us

Words = str | Promise
DAYS_OF_A_YEAR = 365

BASES: dict[Basis, Words] = {
    Basis.REQUEST: _("You asked for it: Article 6(1)(b) GDPR"),
    Basis.CONSENT: _("Your consent: Article 6(1)(a) GDPR"),
    Basis.DUTY: _("Our legal duty: Article 6(1)(c) GDPR"),
    Basis.INTEREST: _("Our legitimate interest: Article 6(1)(f) GDPR"),
}
RECIPIENTS: dict[Recipient, Words] = {
    Recipient.HUBSPOT: _("our customer system HubSpot (HubSpot, Inc., USA)"),
    Recipient.MAIL: _("our mail server"),
}


@dataclass(frozen=True, slots=True)
class Topic:
    """Tables that a visitor would think of as one topic. The first defines the retention and legal basis."""

    what: Words
    why: Words
    tables: tuple[str, ...]
    which: Words = ""  # what part of it the recipients get, if not all


SUBJECTS = (
    Topic(
        _("Your name, company, e-mail address and phone number, as far as you enter them"),
        _("To show you more of your result and to get back to you about it"),
        ("assessments", "hubspot_sync_queue", "mail_queue"),
    ),
    Topic(
        _("A form that you have begun and not finished"),
        _("So that you can continue where you left off"),
        ("assessment_sessions",),
        _("They get only your contact details, never the answers of an unfinished form."),
    ),
    Topic(
        _("What you type in your own words, and any answer that says who you are"),
        _("To compute your result; the choices you made stay, without you, as statistics"),
        ("responses",),
    ),
    Topic(
        _("What you agreed to or withdrew, and who was erased, under a code that cannot be traced back"),
        _("To prove it, and so that old copies do not bring your data back"),
        ("consents", "suppressed_addresses", "mail_stops"),
    ),
    Topic(
        _("Links to your result or unfinished form that you asked for, and the address one was sent to"),
        _(
            "So that you can share a score, keep a report and continue on another device; you can withdraw "
            "the links"
        ),
        ("run_links",),
    ),
    Topic(
        _(
            "A link by which you ask colleagues to answer too, and, if you agreed to be counted, which "
            "colleague asked you"
        ),
        _(
            "To show the colleague who asked an average of at least two people, rounded to tens, and "
            "nobody's answers"
        ),
        ("invitations", "invited_assessments"),
    ),
    Topic(
        _("What our advisers noted about a conversation with you, and who opened your contact details"),
        _("To prepare for the conversation, and to account for who saw your details"),
        ("lead_notes", "lead_events"),
    ),
    Topic(
        _("Files of contacts that our advisers export, encrypted, for a day at most"),
        _("To work with the details and answers of many people at once"),
        ("exports", "export_batches", "export_chunks"),
    ),
    Topic(
        _("An encrypted copy of your contact details that the search of our advisers reads"),
        _("To find you by name, company or number when you call"),
        ("lead_search_pages",),
    ),
    Topic(
        _("Files that you upload as answers, encrypted"),
        _("To understand your answers"),
        ("uploads",),
    ),
    Topic(
        _("Links to the page with your data, as a code"),
        _("So that only you can open it"),
        ("privacy_links", "address_proofs"),
    ),
    Topic(
        _("What HubSpot still has to erase at your request"),
        _("So that your erasure is carried out there too"),
        ("hubspot_erasures",),
    ),
    Topic(
        _("Which of our records HubSpot has, by number and never by name"),
        _("To notice that something was lost on the way"),
        ("hubspot_reconciliations", "hubspot_differences"),
    ),
    Topic(
        _("Which of several wordings of a page someone saw, under a random number from a cookie"),
        _("To count everyone only once while we compare wordings"),
        ("experiment_exposures",),
    ),
)


@dataclass(frozen=True, slots=True)
class NoticeEntry:
    """One row of the page."""

    what: Words
    why: Words
    basis: Words
    recipients: tuple[Words, ...]
    which: Words
    until: str


def notice_entry(subject: Topic) -> NoticeEntry:
    tables = [TABLES[name] for name in subject.tables]
    going = {recipient for table in tables for column in table.columns.values() for recipient in column.to}
    return NoticeEntry(
        what=subject.what,
        why=subject.why,
        basis=BASES[tables[0].basis],
        recipients=tuple(words for recipient, words in RECIPIENTS.items() if recipient in going),
        which=subject.which,
        until=stored_for(subject.tables[0]),
    )


def stored_for(name: str) -> str:
    """Describe to visitors how long the personal data of a table is stored, in their language."""
    retention = TABLES[name].retention
    if retention is None or retention.setting is None:
        return str(_("until it has expired"))
    kept_for = retention_days(retention)
    if retention.longer_with:
        words = ngettext(
            "until it closes; with an e-mail address %(days)d day longer",
            "until it closes; with an e-mail address %(days)d days longer",
            kept_for,
        )
        return words % {"days": kept_for}
    years, rest = divmod(kept_for, DAYS_OF_A_YEAR)
    if years and not rest:
        return ngettext("%(years)d year", "%(years)d years", years) % {"years": years}
    return ngettext("%(days)d day", "%(days)d days", kept_for) % {"days": kept_for}


@require_safe
@never_cache
def notice(request: HttpRequest) -> HttpResponse:
    """Show what is stored, why, on what legal basis, who receives it and for how long, as configured."""
    context = {
        "kept": [notice_entry(subject) for subject in SUBJECTS],
        "retention_days": retention_period().days,
        "session_hours": config.SESSION_TIMEOUT_HOURS,
        "hubspot_needs_consent": config.HUBSPOT_NEEDS_CONSENT,
        "early_handover": config.EARLY_HANDOVER_ENABLED,
        "encrypted": settings.FIELD_ENCRYPTION_KEYS[:1] != ["none"],
        **reaching_us(),
    }
    return render(request, "privacy/notice.html", context)
