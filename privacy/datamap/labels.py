"""Labels of the data map's columns for data subjects reading their own data.

A column without a label is technical and says nothing about the person; the JSON export contains it all the
same. A test requires a label for every column that may contain personal data.
"""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assessments.models.assessment import CallTime

Words = str | Promise

RECORD = {
    "email": _("E-mail address"),
    "first_name": _("First name"),
    "last_name": _("Last name"),
    "company": _("Company"),
    "phone": _("Phone number"),
    "call_time": _("When you want to be called"),
    "contact_choice": _("Whether we may contact you, as you last said"),
    "created_at": _("Started"),
    "started_at": _("Started"),
    "last_activity": _("Last saved"),
    "expires_at": _("Open until"),
    "completed_at": _("Finished"),
    "completion_time_seconds": _("Time taken"),
    "time_spent": _("Seconds for each question"),
    "progress": _("How far you got"),
    "adaptive_state": _("Questions that your answers opened"),
    "total_score": _("Score"),
    "score_category": _("Category"),
    "score_breakdown": _("Score by area"),
    "lead_quality": _("What we conclude from your details"),
    "qualified_for_briefing": _("You were offered a briefing"),
    "hubspot_synced_at": _("Passed on to our customer system, HubSpot"),
    "hubspot_contact_id": _("Your number in HubSpot"),
    "hubspot_deal_id": _("Number of our offer to you in HubSpot"),
    "hubspot_address_hash": _("Code of the address that we gave HubSpot"),
    "email_delivered_at": _("Result sent by e-mail"),
    "browser_info": _("Your browser"),
    "user_agent": _("What your browser said about itself"),
    "referrer_source": _("Site you came from"),
    "utm": _("Campaign link you came from"),
    "ip_address_hash": _("Code of your network address"),
}

CODE = _("Code of your address")

TABLES: Mapping[str, tuple[Words, Mapping[str, Words]]] = {
    "assessments": (_("Your assessments"), RECORD),
    "assessment_sessions": (_("What you are filling in"), RECORD),
    "consents": (
        _("What you agreed to or withdrew"),
        {
            "text": _("What you were asked"),
            "given": _("You agreed"),
            "recorded_at": _("When"),
            "source": _("Where"),
            "address_hash": CODE,
            "scope": _("Code of the one assessment for which it counts"),
        },
    ),
    "suppressed_addresses": (
        _("Your erasure"),
        {
            "erased_at": _("Erased"),
            "lifted_at": _("You gave us your address again"),
            "address_hash": CODE,
        },
    ),
    "privacy_links": (
        _("Links to this page"),
        {
            "created_at": _("Made"),
            "expires_at": _("Works until"),
            "revoked_at": _("Closed"),
            "address_hash": CODE,
            "sealed_address": _("E-mail address"),
            "assessment_id": _("Number of your assessment"),
        },
    ),
    "address_proofs": (
        _("Proof that the address is yours"),
        {
            "proven_at": _("When you clicked the link in our e-mail"),
            "address_hash": CODE,
            "assessment_id": _("Number of your assessment"),
        },
    ),
    "uploads": (
        _("Files that you sent us"),
        {
            "name": _("File name"),
            "media_type": _("Kind of file"),
            "size": _("Size in bytes"),
            "created_at": _("When"),
        },
    ),
    "run_links": (
        _("Links that you asked for"),
        {
            "purpose": _("What it opens"),
            "assessment_id": _("Number of your assessment"),
            "address": _("E-mail address"),
            "address_hash": CODE,
            "created_at": _("Made"),
            "expires_at": _("Works until"),
            "revoked_at": _("Closed"),
        },
    ),
    "invitations": (
        _("The link by which you asked colleagues to answer too"),
        {
            "assessment_id": _("Number of your assessment"),
            "averages": _("Averages of colleagues: pairs counted, and the sum"),
            "created_at": _("Made"),
            "expires_at": _("Works until"),
        },
    ),
    "invited_assessments": (
        _("That your scores may count in the average of a colleague who asked you"),
        {
            "assessment_id": _("Number of your assessment"),
            "invitation_id": _("Number of the invitation"),
        },
    ),
    "lead_notes": (
        _("Notes of our sales team about you"),
        {"created_at": _("When"), "text": _("What was written")},
    ),
    "lead_events": (
        _("What our sales team did"),
        {"created_at": _("When"), "kind": _("What"), "detail": _("Details")},
    ),
    "hubspot_sync_queue": (
        _("On the way to our customer system HubSpot"),
        {
            "created_at": _("Since"),
            "status": _("State"),
            "completed_at": _("Settled"),
            "hubspot_contact_id": _("Your number in HubSpot"),
            "hubspot_deal_id": _("Number of our offer to you in HubSpot"),
        },
    ),
    "hubspot_sync_attempts": (
        _("When we told HubSpot"),
        {"created_at": _("When"), "outcome": _("What became of it")},
    ),
    "hubspot_erasures": (
        _("Your erasure in HubSpot"),
        {"address": _("E-mail address"), "contact_id": _("Your number in HubSpot")},
    ),
    "mail_stops": (_("No more mail"), {"recipient": CODE, "created_at": _("Made")}),
    "mail_queue": (
        _("Mails to you"),
        {
            "kind": _("Mail"),
            "created_at": _("Asked for"),
            "status": _("State"),
            "sent_at": _("Sent"),
            "key": _("Code that makes sure it is sent only once"),
            "recipient": _("Code used to count the e-mails to you"),
            "address": _("E-mail address"),
            "asked_with": _("Asked for with"),
        },
    ),
    "hubspot_differences": (
        _("Differences between us and HubSpot"),
        {"created_at": _("Found"), "hubspot_id": _("Number in HubSpot")},
    ),
    "django_admin_log": (
        _("What our staff did with your data"),
        {"action_time": _("When"), "object_repr": _("With what"), "change_message": _("What")},
    ),
}

ANSWERS = _("Your answers")

VALUES: Mapping[str, Words] = {
    **{time.value: time.label for time in CallTime},
    # lead quality
    "basic": _("An address to write to"),
    "enhanced": _("Name and company as well"),
    "executive_briefing_qualified": _("Whether you qualify for a briefing"),
    # where a consent was given
    "step": _("On a page of the form"),
    "results": _("On the result page"),
    "api": _("By a program"),
    "privacy_page": _("On this page"),
    "staff": _("In a conversation with our staff"),
    # status
    "waiting": _("Waiting"),
    "leased": _("On its way"),
    "done": _("Done"),
    "sent": _("Sent"),
    "failed": _("Our team is looking into it"),
    "cancelled": _("No longer sent"),
    "delivered": _("HubSpot has accepted it"),
    "postponed": _("HubSpot did not answer; we will try again"),
    "stopped": _("HubSpot did not accept our access; we will try again"),
    "given_up": _("HubSpot refused; our team is looking into it"),
    "nothing_to_send": _("There was nothing to report"),
    # purpose of a link
    "shared": _("Your score, to show others"),
    "report": _("Your report, to keep"),
    "resume": _("Your form, to continue on another device"),
    # what sales did
    "claimed": _("A colleague took charge"),
    "assigned": _("A colleague was put in charge"),
    "released": _("A colleague handed it back"),
    "outcome": _("Recorded how a contact went"),
    "follow_up": _("Planned another contact"),
    "note": _("Wrote a note"),
    "corrected": _("Corrected your details"),
    "sent_again": _("Sent to HubSpot again"),
    "viewed": _("Looked at your contact details"),
    "settled": _("Decided not to send to HubSpot"),
    # kind of mail
    "result": _("Your result"),
    "privacy_link": _("The link to this page"),
}

# Columns whose values are translated through VALUES.
CODED = frozenset({"call_time", "lead_quality", "source", "status", "outcome", "kind", "purpose"})
