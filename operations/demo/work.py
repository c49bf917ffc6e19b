"""What the sales people of demonstration data did: they claimed leads, called, took notes, planned calls."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.auth.models import Group

from accounts.models import User
from leads.models import ContactOutcome, EventKind, LeadEvent, LeadNote, LeadWork
from operations.demo import DOMAIN
from operations.demo.rows import DemoRows, Row

COLLEAGUES = ("Mona Sommer", "Tom Keller", "Lea Brandt")
WORKED_ON = 0.6  # of the leads with contact details
CONTACTED = 0.7  # of those
OUTCOMES = (*ContactOutcome.values, "reached", "no_answer", "no_answer")
NOTES = {
    ContactOutcome.REACHED: "Open to a workshop. Wants to know first what two days would cost.",
    ContactOutcome.NO_ANSWER: "Rang twice, left a message on the voicemail.",
    ContactOutcome.MEETING: "Meets us with the head of IT. Send the agenda two days before.",
    ContactOutcome.WON: "Signed for the assessment of all running projects.",
    ContactOutcome.NOT_A_FIT: "A student, writing a thesis.",
    ContactOutcome.WRONG_DETAILS: "The number belongs to somebody else.",
}
CALLED_AGAIN = (ContactOutcome.REACHED, ContactOutcome.NO_ANSWER, ContactOutcome.MEETING)


def make_colleagues() -> list[User]:
    """Return the sales people of demonstration data, who cannot log in."""
    found = []
    for name in COLLEAGUES:
        address = f"{name.split()[0].lower()}@{DOMAIN}"
        user, is_new = User.objects.get_or_create(
            email=address, defaults={"full_name": name, "is_staff": True, "is_active": False}
        )
        if is_new:
            user.set_unusable_password()
            user.save(update_fields=["password"])
            user.groups.add(*Group.objects.filter(name="Sales"))
        found.append(user)
    return found


def write_work(leads: Iterable[Row], rows: DemoRows, colleagues: Sequence[User]) -> dict[str, int]:
    """Write the work on some of these leads with its history; return the number of rows by table."""
    work, events, notes = [], [], []
    for lead in leads:
        if rows.random.random() < WORKED_ON:
            own = work_on(lead, rows, rows.random.choice(colleagues))
            work.append(own)
            events += history_of(own)
            if own.last_contact_at and rows.random.random() < 0.5:
                notes.append(note_on(own, own.last_contact_at))
    LeadWork.objects.bulk_create(work)
    LeadEvent.objects.bulk_create(events)
    LeadNote.objects.bulk_create(notes)
    return {"lead_work": len(work), "lead_events": len(events), "lead_notes": len(notes)}


def work_on(lead: Row, rows: DemoRows, owner: User) -> LeadWork:
    """Return what the owner did: a call half an hour to two days after the start, and when to call again."""
    random = rows.random
    contacted = lead.created_at.replace(second=0) + timedelta(minutes=random.randrange(30, 2880))
    is_done = random.random() < CONTACTED and contacted < rows.now
    outcome = random.choice(OUTCOMES) if is_done else ""
    again = rows.now.date() + timedelta(days=random.randrange(-2, 8))
    return LeadWork(
        assessment_id=UUID(lead.id),
        owner=owner,
        owned_at=lead.created_at,
        outcome=outcome,
        follow_up_on=again if outcome in CALLED_AGAIN and random.random() < 0.5 else None,
        first_contact_at=contacted if is_done else None,
        last_contact_at=contacted if is_done else None,
    )


def history_of(work: LeadWork) -> list[LeadEvent]:
    """Return the lines that the product would have added, one for each thing done."""
    done = [(EventKind.CLAIMED, "", work.owned_at)]
    if work.outcome:
        done.append((EventKind.OUTCOME, work.outcome, work.last_contact_at))
    if work.follow_up_on:
        done.append((EventKind.FOLLOW_UP, str(work.follow_up_on), work.last_contact_at))
    return [
        LeadEvent(
            assessment_id=work.assessment_id, actor=work.owner, kind=kind, value=value, created_at=moment
        )
        for kind, value, moment in done
        if moment
    ]


def note_on(work: LeadWork, written: datetime) -> LeadNote:
    text = NOTES[ContactOutcome(work.outcome)]
    return LeadNote(assessment_id=work.assessment_id, author=work.owner, text=text, created_at=written)
