"""Where personal data lives: every column of every table, its class, and what time does to it.

Scrub, purge and export iterate this table; nothing is scrubbed by code of its own elsewhere. A test
compares it with the database: a column that is not listed here fails the build.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """What a column can tell about a person."""

    PERSONAL = "personal"  # names or reaches a person
    PSEUDONYMOUS = "pseudonymous"  # leads to a person together with knowledge kept elsewhere
    ANSWER = "answer"  # what somebody chose, not who
    STAFF = "staff"  # about people who work with the product
    PLAIN = "not personal"


class Rule(StrEnum):
    """What the scrub does to a value when its time is over."""

    KEEP = "keep"
    NULL = "set to NULL"
    BLANK = "set to empty text"


@dataclass(frozen=True, slots=True)
class Column:
    kind: Kind
    rule: Rule = Rule.KEEP


@dataclass(frozen=True, slots=True)
class Retention:
    """Rows are due when `clock` (a column) is further back than the run-time setting says, in its unit."""

    clock: str
    setting: str | None = None  # None: due as soon as the clock has passed
    delete_row: bool = False
    mark: str | None = None  # a column that remembers when the row was scrubbed


@dataclass(frozen=True, slots=True)
class Table:
    purpose: str
    columns: Mapping[str, Column] = field(default_factory=dict)
    retention: Retention | None = None

    @property
    def scrubbed(self) -> dict[str, Rule]:
        """The columns that lose their value, with the rule."""
        return {name: column.rule for name, column in self.columns.items() if column.rule != Rule.KEEP}


PERSON_NULL = Column(Kind.PERSONAL, Rule.NULL)
TRACE_NULL = Column(Kind.PSEUDONYMOUS, Rule.NULL)
TRACE = Column(Kind.PSEUDONYMOUS)  # gone with its row
PERSON = Column(Kind.PERSONAL)  # gone with its row
ANSWER = Column(Kind.ANSWER)
STAFF = Column(Kind.STAFF)
PLAIN = Column(Kind.PLAIN)


def plain(*names: str) -> dict[str, Column]:
    return dict.fromkeys(names, PLAIN)


def staff(*names: str) -> dict[str, Column]:
    return dict.fromkeys(names, STAFF)


AFTER_RETENTION = "EMAIL_RETENTION_DAYS"
AS_PROOF = "ERASURE_PROOF_DAYS"

ASSESSMENTS = {
    "assessments": Table(
        "The lasting record of one run: score and statistics stay, the person goes",
        {
            "email": PERSON_NULL,
            "first_name": PERSON_NULL,
            "last_name": PERSON_NULL,
            "company": PERSON_NULL,
            "phone": PERSON_NULL,
            "hubspot_contact_id": TRACE_NULL,
            "hubspot_deal_id": TRACE_NULL,
            "hubspot_address_hash": TRACE_NULL,
            "ip_address_hash": TRACE_NULL,
            "responses": ANSWER,
            **plain("id", "session_id", "version_id", "total_score", "score_breakdown", "score_category"),
            **plain("recommendations", "hubspot_sync_status", "hubspot_sync_attempts", "hubspot_sync_error"),
            **plain("hubspot_synced_at", "email_delivery_status", "email_delivery_attempts"),
            **plain("email_delivered_at", "email_delivery_error", "created_at", "updated_at"),
            **plain("completed_at", "email_scrubbed_at", "completion_time_seconds", "browser_info"),
            **plain("referrer_source", "utm", "ab_test_variant", "lead_quality", "qualified_for_briefing"),
        },
        Retention("created_at", AFTER_RETENTION, mark="email_scrubbed_at"),
    ),
    "assessment_sessions": Table(
        "The working state of an open run: answers move on when it is submitted or expires, the row goes",
        {
            "email": PERSON,
            "first_name": PERSON,
            "last_name": PERSON,
            "company": PERSON,
            "phone": PERSON,
            "ip_address_hash": TRACE,
            "user_agent": TRACE,
            "responses": ANSWER,
            **plain("session_id", "current_step", "total_steps", "referrer_source", "ab_test_variant"),
            **plain("started_at", "last_activity", "expires_at"),
        },
        Retention("expires_at", delete_row=True),
    ),
    "responses": Table(
        "One answered question: how questions are answered, where people leave",
        {
            "value": ANSWER,
            **plain("id", "assessment_id", "question_key", "is_valid", "validation_errors"),
            **plain("time_spent_seconds", "revision", "answered_at", "updated_at"),
        },
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
    ),
    "suppressed_addresses": Table(
        "Whom we erased, so that nothing brings them back: a keyed hash, never who",
        {"address_hash": TRACE, **plain("id", "erased_at", "lifted_at")},
        Retention("erased_at", AS_PROOF, delete_row=True),
    ),
    "privacy_links": Table(
        "Keys to the privacy page, as hashes",
        {
            "address_hash": TRACE,
            "assessment_id": TRACE,
            **plain("token_hash", "erasure_id", "created_at", "expires_at", "revoked_at"),
        },
        Retention("expires_at", delete_row=True),
    ),
}

DELIVERIES = {
    "hubspot_sync_queue": Table(
        "Leads on their way to HubSpot: which lead, never who",
        {
            "hubspot_contact_id": TRACE_NULL,
            "hubspot_deal_id": TRACE_NULL,
            **plain("id", "assessment_id", "sync_type", "payload", "status", "revision", "retry_count"),
            **plain("max_retries", "next_retry_at", "retry_delay_seconds", "outages", "claims"),
            **plain("lease_token", "created_at", "waiting_since", "last_attempt_at"),
            **plain("last_error", "failure_cause", "completed_at"),
        },
        Retention("created_at", AFTER_RETENTION),
    ),
    "hubspot_sync_attempts": Table(
        "What became of a lead each time it was sent",
        plain("id", "assessment_id", "revision", "outcome", "cause", "correlation_id", "created_at"),
        Retention("created_at", AFTER_RETENTION, delete_row=True),
    ),
    "hubspot_erasures": Table(
        "Contacts that HubSpot must forget; forgotten here as soon as it has",
        {
            "contact_id": TRACE_NULL,
            "address": PERSON_NULL,
            **plain("id", "erasure_id", "status", "claims", "lease_token", "lease_until", "outages"),
            **plain("next_try_at", "cause", "created_at", "done_at"),
        },
        Retention("created_at", AFTER_RETENTION),
    ),
    "mail_queue": Table(
        "Mails on their way: about which run, never to whom or what they say",
        {
            "key": TRACE,
            **plain("id", "kind", "assessment_id", "status", "claims", "lease_token", "lease_until"),
            **plain("failures", "next_try_at", "failure_cause", "created_at", "sent_at"),
        },
        Retention("created_at", AFTER_RETENTION, delete_row=True),
    ),
    "hubspot_reconciliations": Table(
        "Comparisons of our leads with HubSpot's records: counts, and how far a run came",
        {
            "after": TRACE,
            **plain("id", "dry_run", "step", "here", "there", "on_their_way"),
            **plain("lease_token", "lease_until", "started_at", "finished_at"),
        },
        Retention("started_at", AFTER_RETENTION, delete_row=True),
    ),
    "hubspot_differences": Table(
        "What a comparison found: which lead or record, never who",
        {
            "hubspot_id": TRACE,
            **plain("id", "reconciliation_id", "assessment_id", "kind", "put_right", "created_at"),
        },
        Retention("created_at", AFTER_RETENTION, delete_row=True),
    ),
}

QUESTIONNAIRES = {
    "questionnaires": Table(
        "Drafts of questionnaires",
        {
            **plain("id", "key", "name", "description", "industry", "version", "is_active", "is_default"),
            **plain("estimated_time", "metadata", "created_at", "updated_at", "published_at"),
            **staff("created_by_id"),
        },
    ),
    "sections": Table(
        "Drafts of sections",
        {
            **plain("id", "questionnaire_id", "key", "name", "description", "weight", "order_index"),
            **plain("icon", "estimated_time", "metadata", "created_at", "updated_at"),
        },
    ),
    "questions": Table(
        "Drafts of questions",
        {
            **plain("id", "section_id", "key", "text", "type", "help_text", "explanation", "placeholder"),
            **plain(
                "questionnaire_id",
                "order_index",
                "is_required",
                "options",
                "validation_rules",
                "default_value",
            ),
            **plain("suggested_answer", "industry_tags", "document_mappings", "metadata"),
            **plain("created_at", "updated_at"),
        },
    ),
    "visibility_rules": Table(
        "Drafts of rules",
        {
            **plain("id", "question_id", "condition", "action", "target_question_ids", "priority"),
            **plain("is_active", "created_at", "updated_at"),
        },
    ),
    "score_bands": Table(
        "Drafts of score bands",
        {
            **plain("id", "questionnaire_id", "key", "name", "min_score", "max_score", "message"),
            **plain("next_steps", "created_at", "updated_at"),
        },
    ),
    "recommendations": Table(
        "Drafts of recommendations",
        {
            **plain("id", "section_id", "level", "title", "description", "action_items"),
            **plain("created_at", "updated_at"),
        },
    ),
    "questionnaire_versions": Table(
        "What was published, for ever",
        {
            **plain("id", "questionnaire_id", "number", "definition", "checksum", "published_at"),
            **staff("published_by_id"),
        },
    ),
}

LOGINS = {
    **staff("username", "ip_address", "user_agent"),
    **plain("id", "http_accept", "path_info", "attempt_time"),
}
LOGINS_GO = Retention("attempt_time", AFTER_RETENTION, delete_row=True)

PEOPLE = {
    "users": Table(
        "People who log in, while they work here",
        {
            **staff("id", "email", "full_name", "password", "last_login", "created_at"),
            **plain("is_staff", "is_active", "is_superuser"),
        },
    ),
    "users_groups": Table("Who is in which group", {**plain("id", "group_id"), **staff("user_id")}),
    "users_user_permissions": Table(
        "Who may what beside the groups", {**plain("id", "permission_id"), **staff("user_id")}
    ),
    "django_session": Table(
        "Logins to the admin",
        {**staff("session_key", "session_data"), **plain("expire_date")},
        Retention("expire_date", delete_row=True),
    ),
    "django_admin_log": Table(
        "What staff changed in the admin; the name a row had then may be a person's",
        {
            "object_repr": Column(Kind.PERSONAL, Rule.BLANK),
            "change_message": Column(Kind.PERSONAL, Rule.BLANK),
            **plain("id", "action_time", "object_id", "action_flag", "content_type_id"),
            **staff("user_id"),
        },
        Retention("action_time", AFTER_RETENTION),
    ),
    "axes_accessattempt": Table(
        "Failed logins, to lock out whoever guesses",
        {
            **staff("username", "ip_address", "user_agent", "get_data", "post_data"),
            **plain("id", "http_accept", "path_info", "attempt_time", "failures_since_start"),
        },
        Retention("attempt_time", AFTER_RETENTION, delete_row=True),
    ),
    "axes_accessattemptexpiration": Table("When a lock-out ends", plain("access_attempt_id", "expires_at")),
    "axes_accesslog": Table(
        "Logins: switched off, see AXES_DISABLE_ACCESS_LOG",
        LOGINS | staff("session_hash") | plain("logout_time"),
        LOGINS_GO,
    ),
    "axes_accessfailurelog": Table(
        "Failed logins one by one: switched off as well", LOGINS | plain("locked_out"), LOGINS_GO
    ),
}

RECORDS = {
    "system_logs": Table(
        "What the system did: counts and times, never values",
        plain("id", "event_type", "message", "data", "created_at"),
    ),
}

TABLES: dict[str, Table] = ASSESSMENTS | RIGHTS | DELIVERIES | QUESTIONNAIRES | PEOPLE | RECORDS
