from leads.models.event import EventKind, LeadEvent
from leads.models.lead import Lead
from leads.models.note import LeadNote
from leads.models.search_page import SearchPage
from leads.models.view import LeadView
from leads.models.work import CLOSED, ContactOutcome, LeadWork

__all__ = [
    "CLOSED",
    "ContactOutcome",
    "EventKind",
    "Lead",
    "LeadEvent",
    "LeadNote",
    "LeadView",
    "LeadWork",
    "SearchPage",
]
