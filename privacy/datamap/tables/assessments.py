"""Assessments, their sessions and answers, and what people agreed to or asked for."""

from privacy.datamap.columns import (
    ADDRESS,
    ADDRESS_NULL,
    AFTER_RETENTION,
    ANSWERS,
    AS_PROOF,
    CAMPAIGN,
    CONTACT,
    CONTACT_NULL,
    TRACE,
    TRACE_NULL,
    TYPED_GO,
    content,
    listed,
    plain,
    sent,
)
from privacy.datamap.vocabulary import Basis, Column, Kind, Recipient, Retention, Rule, Table

ASSESSMENTS = {
    "assessments": Table(
        "The lasting record of one run: score and statistics stay, the person goes",
        {
            "email": ADDRESS_NULL,
            "first_name": CONTACT_NULL,
            "last_name": CONTACT_NULL,
            "company": CONTACT_NULL,
            "phone": CONTACT_NULL,
            "hubspot_contact_id": TRACE_NULL,
            "hubspot_deal_id": TRACE_NULL,
            "hubspot_address_hash": TRACE_NULL,
            "ip_address_hash": TRACE_NULL,
            "responses": TYPED_GO,
            "browser_info": listed("browser", "version", "device", "os"),
            "utm": CAMPAIGN,
            **content("score_breakdown", "variants"),
            **sent("total_score", "score_category", "lead_quality"),
            **sent("completed_at", "completion_time_seconds"),
            **plain("id", "session_id", "version_id", "recommendations", "qualified_for_briefing"),
            **plain("hubspot_sync_status", "hubspot_sync_attempts", "hubspot_sync_error"),
            **plain("hubspot_synced_at", "email_delivery_status", "email_delivery_attempts"),
            **plain("email_delivered_at", "email_delivery_error", "created_at", "updated_at"),
            **plain("doubts", "address_checked_at"),
            **plain("email_scrubbed_at", "scrubbed_unconfirmed", "referrer_source", "ab_test_variant"),
            **plain("language"),
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
        "The working state of an open run: answers move on when it is submitted or expires, the row goes",
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
            **plain("session_id", "current_step", "total_steps", "referrer_source", "ab_test_variant"),
            **plain("started_at", "last_activity", "expires_at", "doubts"),
        },
        Retention("expires_at", "UNFINISHED_RETENTION_DAYS", delete_row=True, longer_with="email"),
        Basis.REQUEST,
    ),
    "responses": Table(
        "One answered question: how questions are answered, where people leave",
        {
            "value": Column(Kind.ANSWER, Rule.TYPED_VALUE),
            **content("validation_errors"),
            **plain("id", "assessment_id", "question_key", "is_valid"),
            **plain("time_spent_seconds", "revision", "answered_at", "updated_at"),
        },
        Retention("assessment__created_at", AFTER_RETENTION),
        Basis.REQUEST,
    ),
    "run_links": Table(
        "Links to one run, as hashes: its score to share, its report to keep, its questions to go on with",
        {
            "address": Column(
                Kind.PERSONAL, to=(Recipient.MAIL,)
            ),  # gone when it was mailed, or with its row
            "assessment_id": TRACE,
            **plain("id", "purpose", "token_hash", "created_at", "expires_at", "revoked_at"),
        },
        Retention("expires_at", delete_row=True),
        Basis.REQUEST,
    ),
    "daily_figures": Table(
        "How many runs of a day had which score, answer or origin: counts, and rare origins only for a while",
        plain("id", "day", "version_id", "figure", "name", "part", "number", "runs", "summed"),
    ),
}

RIGHTS = {
    "consents": Table(
        "What somebody agreed to or took back, and in which words: the proof of it, never who",
        {
            "address_hash": TRACE,
            **plain("id", "purpose", "given", "text", "text_version", "source", "recorded_at"),
        },
        Retention("recorded_at", AS_PROOF, delete_row=True),
        Basis.DUTY,
    ),
    "suppressed_addresses": Table(
        "Whom we erased, so that nothing brings them back: a keyed hash, never who",
        {"address_hash": TRACE, **plain("id", "erased_at", "lifted_at")},
        Retention("erased_at", AS_PROOF, delete_row=True),
        Basis.DUTY,
    ),
    "privacy_links": Table(
        "Keys to the privacy page, as hashes",
        {
            "address_hash": TRACE,
            "assessment_id": TRACE,
            **plain("token_hash", "erasure_id", "created_at", "expires_at", "revoked_at"),
        },
        Retention("expires_at", delete_row=True),
        Basis.DUTY,
    ),
}
