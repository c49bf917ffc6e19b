"""Where personal data lives: every column of every table, its class, and what time does to it.

Scrub, purge and export iterate this table; nothing is scrubbed by code of its own elsewhere. A test
compares it with the database, and `manage.py check` with the models: a column that is not listed here
fails the build. The words are explained in privacy/classification.py.
"""

from privacy.classification import Basis, Column, Kind, Recipient, Retention, Rule, Table

__all__ = ["TABLES", "WITHOUT_PEOPLE", "Basis", "Column", "Kind", "Recipient", "Retention", "Rule", "Table"]

PERSON_NULL = Column(Kind.PERSONAL, Rule.NULL)
CONTACT_NULL = Column(Kind.PERSONAL, Rule.NULL, to=(Recipient.HUBSPOT,))
ADDRESS_NULL = Column(Kind.PERSONAL, Rule.NULL, to=(Recipient.HUBSPOT, Recipient.MAIL))
ADDRESS = Column(Kind.PERSONAL, to=(Recipient.HUBSPOT, Recipient.MAIL))  # gone with its row
CONTACT = Column(Kind.PERSONAL, to=(Recipient.HUBSPOT,))  # gone with its row
TRACE_NULL = Column(Kind.PSEUDONYMOUS, Rule.NULL)
TRACE = Column(Kind.PSEUDONYMOUS)  # gone with its row
PERSON = Column(Kind.PERSONAL)  # gone with its row
ANSWERS = Column(Kind.ANSWER)  # gone with its row
TYPED_GO = Column(Kind.ANSWER, Rule.TYPED)  # which ones are typed, or personal, the questions say
STAFF = Column(Kind.STAFF)
PLAIN = Column(Kind.PLAIN)

UTM = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content")
CAMPAIGN = Column(Kind.PSEUDONYMOUS, Rule.EMPTY, keys=dict.fromkeys(UTM, Kind.PSEUDONYMOUS))  # made for one?


def plain(*names: str) -> dict[str, Column]:
    return dict.fromkeys(names, PLAIN)


def sent(*names: str) -> dict[str, Column]:
    return dict.fromkeys(names, Column(Kind.PLAIN, to=(Recipient.HUBSPOT,)))


def staff(*names: str) -> dict[str, Column]:
    return dict.fromkeys(names, STAFF)


def listed(*keys: str) -> Column:
    """A JSON object with these keys, none of them personal; the scrub drops any other."""
    return Column(Kind.PLAIN, Rule.LISTED, keys=dict.fromkeys(keys, Kind.PLAIN))


def content(*names: str) -> dict[str, Column]:
    """JSON that authors write or that we count: any key, no person."""
    return dict.fromkeys(names, Column(Kind.PLAIN, keys={"*": Kind.PLAIN}))


AFTER_RETENTION = "EMAIL_RETENTION_DAYS"
AS_PROOF = "ERASURE_PROOF_DAYS"

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

DELIVERIES = {
    "hubspot_sync_queue": Table(
        "Leads on their way to HubSpot: which lead, never who",
        {
            "hubspot_contact_id": TRACE_NULL,
            "hubspot_deal_id": TRACE_NULL,
            "payload": listed("lead_quality", "total_score"),
            **plain("id", "assessment_id", "sync_type", "status", "revision", "retry_count"),
            **plain("max_retries", "next_retry_at", "retry_delay_seconds", "outages", "claims"),
            **plain("lease_token", "created_at", "waiting_since", "last_attempt_at"),
            **plain("last_error", "failure_cause", "completed_at"),
        },
        Retention("created_at", AFTER_RETENTION),
        Basis.REQUEST,
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
            "address": CONTACT_NULL,
            **plain("id", "erasure_id", "status", "claims", "lease_token", "lease_until", "outages"),
            **plain("next_try_at", "cause", "created_at", "done_at"),
        },
        Retention("created_at", AFTER_RETENTION),
        Basis.DUTY,
    ),
    "mail_queue": Table(
        "Mails on their way: about which run, never to whom or what they say",
        {
            "key": TRACE,
            **plain("id", "kind", "assessment_id", "status", "claims", "lease_token", "lease_until"),
            **plain("link_id", "failures", "next_try_at", "failure_cause", "created_at", "sent_at"),
        },
        Retention("created_at", AFTER_RETENTION, delete_row=True),
        Basis.REQUEST,
    ),
    "hubspot_reconciliations": Table(
        "Comparisons of our leads with HubSpot's records: counts, and how far a run came",
        {
            "after": TRACE,
            **plain("id", "dry_run", "step", "here", "there", "on_their_way"),
            **plain("lease_token", "lease_until", "started_at", "finished_at"),
        },
        Retention("started_at", AFTER_RETENTION, delete_row=True),
        Basis.INTEREST,
    ),
    "hubspot_differences": Table(
        "What a comparison found: which lead or record, never who",
        {
            "hubspot_id": TRACE,
            **plain("id", "reconciliation_id", "assessment_id", "kind", "put_right", "created_at"),
        },
        Retention("created_at", AFTER_RETENTION, delete_row=True),
        Basis.INTEREST,
    ),
}

EXPERIMENTS = {
    "experiments": Table(
        "Tests of wording",
        plain("id", "key", "place", "created_at", "started_at", "stopped_at"),
    ),
    "experiment_variants": Table(
        "What a test of wording says", plain("id", "experiment_id", "key", "weight") | content("wording")
    ),
    "experiment_exposures": Table(
        "That somebody saw a variant; by whom is a hash of a random number, kept to count nobody twice",
        {"visitor_key": TRACE_NULL, **plain("id", "variant_id", "seen_at")},
        Retention("seen_at", AFTER_RETENTION),
        Basis.INTEREST,
    ),
}

QUESTIONNAIRES = {
    "questionnaires": Table(
        "Drafts of questionnaires",
        {
            **plain("id", "key", "name", "description", "industry", "version", "is_active", "is_default"),
            **plain("estimated_time", "language", "created_at", "updated_at", "published_at"),
            **content("translations", "metadata"),
            **staff("created_by_id"),
        },
        basis=Basis.INTEREST,
    ),
    "sections": Table(
        "Drafts of sections",
        {
            **plain("id", "questionnaire_id", "key", "name", "description", "weight", "order_index"),
            **plain("icon", "estimated_time", "created_at", "updated_at"),
            **content("metadata"),
        },
    ),
    "questions": Table(
        "Drafts of questions",
        {
            **plain("id", "section_id", "key", "text", "type", "help_text", "explanation", "placeholder"),
            **plain("questionnaire_id", "order_index", "is_required", "is_personal", "industry_tags"),
            **content("options", "validation_rules", "default_value", "suggested_answer"),
            **content("document_mappings", "metadata"),
            **plain("created_at", "updated_at"),
        },
    ),
    "visibility_rules": Table(
        "Drafts of rules",
        {
            **plain("id", "question_id", "action", "target_question_ids", "priority"),
            **content("condition"),
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
            **plain("id", "questionnaire_id", "number", "checksum", "published_at"),
            **content("definition"),
            **staff("published_by_id"),
        },
        basis=Basis.INTEREST,
    ),
}

LOGINS = {
    **staff("username", "ip_address", "user_agent"),
    **plain("id", "http_accept", "path_info", "attempt_time"),
}
LOGINS_GO = Retention("attempt_time", "LOGIN_RETENTION_DAYS", delete_row=True)

PEOPLE = {
    "users": Table(
        "People who log in, while they work here",
        {
            **staff("id", "email", "full_name", "password", "last_login", "created_at"),
            **plain("is_staff", "is_active", "is_superuser"),
        },
        basis=Basis.INTEREST,
    ),
    "users_groups": Table(
        "Who is in which group", {**plain("id", "group_id"), **staff("user_id")}, basis=Basis.INTEREST
    ),
    "users_user_permissions": Table(
        "Who may what beside the groups",
        {**plain("id", "permission_id"), **staff("user_id")},
        basis=Basis.INTEREST,
    ),
    "django_session": Table(
        "Logins to the admin",
        {**staff("session_key", "session_data"), **plain("expire_date")},
        Retention("expire_date", delete_row=True),
        Basis.INTEREST,
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
        Basis.INTEREST,
    ),
    "constance_constance": Table(
        "Run-time settings, and who answers for the data",
        {**plain("id", "key"), **staff("value")},
        basis=Basis.DUTY,
    ),
    "axes_accessattempt": Table(
        "Failed logins, to lock out whoever guesses",
        {
            **staff("username", "ip_address", "user_agent", "get_data", "post_data"),
            **plain("id", "http_accept", "path_info", "attempt_time", "failures_since_start"),
        },
        LOGINS_GO,
        Basis.INTEREST,
    ),
    "axes_accessattemptexpiration": Table("When a lock-out ends", plain("access_attempt_id", "expires_at")),
    "axes_accesslog": Table(
        "Logins: switched off, see AXES_DISABLE_ACCESS_LOG",
        LOGINS | staff("session_hash") | plain("logout_time"),
        LOGINS_GO,
        Basis.INTEREST,
    ),
    "axes_accessfailurelog": Table(
        "Failed logins one by one: switched off as well",
        LOGINS | plain("locked_out"),
        LOGINS_GO,
        Basis.INTEREST,
    ),
}

RECORDS = {
    "system_logs": Table(
        "What the system did: counts and times, never values",
        plain("id", "event_type", "message", "created_at") | content("data"),
    ),
    "scrub_certificates": Table(
        "What each scrub cleared: counts, never values, chained so that none can be changed unseen",
        plain("id", "started_at", "touched_at", "finished_at", "complete", "unconfirmed")
        | plain("map_version", "number", "previous", "hash")
        | content("cutoffs", "counts"),
    ),
}

# Tables that no person can be in.
WITHOUT_PEOPLE = frozenset(
    {
        "auth_group",  # names of roles
        "auth_group_permissions",
        "auth_permission",
        "django_content_type",
        "django_migrations",
    }
)

TABLES: dict[str, Table] = ASSESSMENTS | RIGHTS | DELIVERIES | EXPERIMENTS | QUESTIONNAIRES | PEOPLE | RECORDS
