"""Correct the contact details of a lead on the telephone: recorded masked, requalified, sent on."""

from dataclasses import asdict
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from assessments.lifecycle import corrections
from assessments.lifecycle.address_proof import hide_details
from assessments.models import ConsentSource
from assessments.qualification import Contact
from leads.models import EventKind, Lead
from leads.working import add_event, work_on

LABELS = {
    "email": gettext_lazy("E-mail address"),
    "first_name": gettext_lazy("First name"),
    "last_name": gettext_lazy("Last name"),
    "company": gettext_lazy("Company"),
    "phone": gettext_lazy("Phone number"),
}


def correct_lead(lead: UUID, contact: Contact, *, by: User) -> bool:
    """Set the contact details of a lead; False if nothing differs. Raises LeadIsClosed."""
    with transaction.atomic():
        work_on(lead)
        found = Lead.objects.get(pk=lead)
        before, after = asdict(found.contact), asdict(contact)
        changes = [name for name in after if (before[name] or None) != (after[name] or None)]
        if not changes:
            return False
        corrections.correct([found], contact, ConsentSource.STAFF, proven=False)
        hide_details(found)
        told = (f"{LABELS[name]} {masked(before[name])} → {masked(after[name])}" for name in changes)
        add_event(lead, EventKind.CORRECTED, by, detail=", ".join(told))
    return True


def masked(value: str | None) -> str:
    """Show the first letter of each part: `a***@e***`, `+4***`; `nothing` for an empty field."""
    if not value:
        return _("nothing")
    name, at, domain = value.partition("@")
    return f"{name[:1]}***{at}{domain[:1]}***" if at else f"{value[:1]}***"
