"""Who sees the contact details of leads, and how they look to everybody else."""

from typing import Any

from assessments.models.contact import CONTACT_FIELDS
from leads.correcting import masked
from scorecard import versions

SEE_CONTACT = "leads.see_contact"


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
