"""Assessments, their sessions and answers, and the consents and requests of data subjects."""

from privacy.datamap.columns import (
    ADDRESS,
    ADDRESS_NULL,
    AFTER_RETENTION,
    ANSWERS,
    AS_PROOF,
    CAMPAIGN,
    CHOICE_NULL,
    CONTACT,
    CONTACT_NULL,
    PERSON,
    PERSON_NULL,
    TRACE,
    TRACE_NULL,
    TYPED_GO,
    authored_json,
    impersonal,
    listed_keys,
    sent_to_hubspot,
)
from privacy.datamap.vocabulary import Basis, ClearingRule, Column, DataClass, Recipient, Retention, Table
from web import gettext_noop as _

ASSESSMENTS = {
    "assessments": Table(
        _("The lasting record of one assessment: score and statistics stay, the person goes"),
        {
            "email": ADDRESS_NULL,
            "first_name": CONTACT_NULL,
            "last_name": CONTACT_NULL,
            "company": CONTACT_NULL,
            "phone": CONTACT_NULL,
            "call_time": PERSON_NULL,
            "contact_choice": CHOICE_NULL,
            "hubspot_contact_id": TRACE_NULL,
            "hubspot_deal_id": TRACE_NULL,
            "hubspot_address_hash": TRACE_NULL,
            "ip_address_hash": TRACE_NULL,
            "responses": TYPED_GO,
            "browser_info": listed_keys("browser", "version", "device", "os"),
            "utm": CAMPAIGN,
            **authored_json("score_breakdown", "variants"),
            **sent_to_hubspot("total_score", "score_category", "lead_quality"),
            **sent_to_hubspot("completed_at", "completion_time_seconds"),
            **impersonal("id", "session_id", "version_id", "recommendations", "qualified_for_briefing"),
            **impersonal("hubspot_sync_status", "hubspot_sync_attempts", "hubspot_sync_error"),
            **impersonal("hubspot_synced_at", "email_delivery_status", "email_delivery_attempts"),
            **impersonal("email_delivered_at", "email_delivery_error", "created_at", "updated_at"),
            **impersonal("doubts", "contact_depth", "address_checked_at", "last_step"),
            **impersonal("email_scrubbed_at", "scrubbed_unconfirmed", "referrer_source", "ab_test_variant"),
            **impersonal("language", "hubspot_portal_id", "hubspot_contact_created"),
        },
        Retention(
            "created_at",
            AFTER_RETENTION,
            mark="email_scrubbed_at",
            mark_undelivered="scrubbed_unconfirmed",
        ),
        Basis.REQUEST,
    ),
    "assessment_sessions": Table(
        _("Working state of an open assessment: on submit or expiry answers move on, the row goes"),
        {
            "email": ADDRESS,
            "first_name": CONTACT,
            "last_name": CONTACT,
            "company": CONTACT,
            "phone": CONTACT,
            "ip_address_hash": TRACE,
            "user_agent": TRACE,
            "responses": ANSWERS,
            "time_spent": ANSWERS,
            "progress": ANSWERS,
            "adaptive_state": ANSWERS,
            **impersonal("session_id", "current_step", "total_steps", "referrer_source", "ab_test_variant"),
            **impersonal("started_at", "last_activity", "expires_at", "announced_at", "doubts"),
        },
        Retention("expires_at", "UNFINISHED_RETENTION_DAYS", delete_row=True, longer_with="email"),
        Basis.REQUEST,
    ),
    "responses": Table(
        _("One answered question: how questions are answered, where people leave"),
        {
            "value": Column(DataClass.ANSWER, ClearingRule.TYPED_VALUE),
            **authored_json("validation_errors"),
            **impersonal("id", "assessment_id", "question_key", "is_valid"),
            **impersonal("time_spent_seconds", "revision", "answered_at", "updated_at"),
        },
        Retention("assessment__created_at", AFTER_RETENTION),
        Basis.REQUEST,
    ),
    "uploads": Table(
        _("Files that answer questions: name, size and key; without the key the content is noise"),
        {
            "name": PERSON,
            **impersonal("id", "assessment_id", "question_key", "kind", "media_type", "size", "stored_name"),
            **impersonal("content_key", "is_scanned", "created_at", "attached_at"),
        },
        Retention("assessment__created_at", AFTER_RETENTION, delete_row=True),
        Basis.REQUEST,
    ),
    "stored_files": Table(
        _("Their content where no other store is set, encrypted: unreadable without the keys in uploads"),
        impersonal("name", "content", "created_at"),
    ),
    "file_removals": Table(
        _("Names of contents whose key is gone, until they are removed from the store"),
        impersonal("name", "created_at"),
    ),
    "address_proofs": Table(
        _("That the address of an assessment is its visitor's own: they clicked on a link mailed to it"),
        {
            "assessment_id": TRACE,
            "address_hash": TRACE,
            **impersonal("session_id", "covers_details", "covers_answers", "proven_at"),
        },
        Retention("assessment__created_at", AFTER_RETENTION, delete_row=True),
        Basis.INTEREST,
    ),
    "run_links": Table(
        _("Links to one assessment, as hashes: to share its score, keep its report, go on with it"),
        {
            "address": Column(
                DataClass.PERSONAL, to=(Recipient.MAIL,)
            ),  # cleared once mailed, or deleted with its row
            "address_hash": TRACE,
            "assessment_id": TRACE,
            **impersonal("id", "purpose", "token_hash", "created_at", "expires_at", "revoked_at"),
        },
        Retention("expires_at", delete_row=True),
        Basis.REQUEST,
    ),
    "invitations": Table(
        _("A link by which somebody asks colleagues to answer too, as a hash, and averages of those"),
        {
            "assessment_id": TRACE,
            **authored_json("averages"),
            **impersonal("id", "token_hash", "created_at", "expires_at"),
        },
        Retention("expires_at", delete_row=True),
        Basis.REQUEST,
    ),
    "invited_assessments": Table(
        _("Colleagues who may be counted in an average, until they are: two at a time"),
        {"assessment_id": TRACE, "invitation_id": TRACE},
        Retention("assessment__created_at", AFTER_RETENTION, delete_row=True),
        Basis.CONSENT,
    ),
    "daily_figures": Table(
        _(
            "Counts of a day: assessments by score, answer and origin, views of the landing page; rare "
            "origins only for a while"
        ),
        impersonal(
            "id", "day", "first_day", "version_id", "figure", "name", "part", "number", "runs", "summed"
        ),
    ),
    "view_batches": Table(
        _("Which batches of views of the landing page are counted: random numbers, for a week"),
        impersonal("id", "written_at"),
    ),
}

RIGHTS = {
    "consents": Table(
        _("What somebody agreed to or took back, and in which words: the proof of it, never who"),
        {
            "address_hash": TRACE,
            "scope": TRACE,
            **impersonal("id", "purpose", "given", "text", "text_version", "source", "recorded_at"),
        },
        Retention("recorded_at", AS_PROOF, delete_row=True),
        Basis.DUTY,
    ),
    "suppressed_addresses": Table(
        _("Whom we erased, so that nothing brings them back: a keyed hash, never who"),
        {"address_hash": TRACE, **impersonal("id", "erased_at", "lifted_at")},
        Retention("erased_at", AS_PROOF, delete_row=True),
        Basis.DUTY,
    ),
    "privacy_links": Table(
        _("Keys to the privacy page, as hashes"),
        {
            "address_hash": TRACE,
            "sealed_address": TRACE,
            "assessment_id": TRACE,
            **impersonal("token_hash", "erasure_id", "created_at", "expires_at", "revoked_at"),
        },
        Retention("expires_at", delete_row=True),
        Basis.DUTY,
    ),
}
