"""Who sees the contact details of leads, how they look to everybody else, and the record of who looked."""

from datetime import timedelta
from typing import Any

from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from assessments.models.contact import CONTACT_FIELDS
from audit.models import SystemLog
from leads.correcting import masked
from scorecard import versions

SEE_CONTACT = "leads.see_contact"
VIEW_COUNTS_FOR = timedelta(hours=1)  # lists refresh themselves: a record each time would drown the log


def mask(lead: Any) -> None:
    """Replace the contact details of a loaded lead by masked ones, and take out its personal answers.

    The object must not be saved.
    """
    lead.is_masked = True
    open_session = lead._state.fields_cache.get("session")  # only what was loaded
    for holder in filter(None, (lead, open_session)):
        for name in CONTACT_FIELDS:
            if value := getattr(holder, name):
                setattr(holder, name, masked(value))
    personal = versions.get(lead.version_id).definition.personal_questions
    lead.responses = {key: answer for key, answer in lead.responses.items() if key not in personal}


def record_list_view(user: User | AnonymousUser) -> None:
    """Record for Privacy that a list of contact details was viewed, once an hour. One statement, or none."""
    if user.has_perm(SEE_CONTACT):
        SystemLog.objects.record_once(
            "leads_viewed", "A list of leads was viewed", within=VIEW_COUNTS_FOR, asked_by=f"staff {user.pk}"
        )


def record_search(user: User | AnonymousUser) -> None:
    """Record for Privacy that leads were searched, never for what."""
    SystemLog.objects.record("leads_searched", "Leads were searched", asked_by=f"staff {user.pk}")
