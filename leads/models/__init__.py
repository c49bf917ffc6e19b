from leads.models.event import EventKind, LeadEvent
from leads.models.lead import Lead
from leads.models.note import LeadNote
from leads.models.view import LeadView
from leads.models.work import CLOSED, LeadWork, Outcome

__all__ = ["CLOSED", "EventKind", "Lead", "LeadEvent", "LeadNote", "LeadView", "LeadWork", "Outcome"]
