"""Queues of leads, erasures and mails, and the reconciliations with HubSpot."""

from privacy.datamap.columns import (
    AFTER_RETENTION,
    AS_PROOF,
    CONTACT_NULL,
    TRACE,
    TRACE_NULL,
    impersonal,
    listed_keys,
)
from privacy.datamap.vocabulary import Basis, Column, DataClass, Recipient, Retention, Table
from web import gettext_noop as _

DELIVERIES = {
    "hubspot_sync_queue": Table(
        _("Leads on their way to HubSpot: which lead, never who"),
        {
            "hubspot_contact_id": TRACE_NULL,
            "hubspot_deal_id": TRACE_NULL,
            "payload": listed_keys("lead_quality", "total_score"),
            **impersonal("id", "assessment_id", "sync_type", "status", "revision", "retry_count"),
            **impersonal("max_retries", "next_retry_at", "retry_delay_seconds", "outages", "claims"),
            **impersonal("lease_token", "created_at", "waiting_since", "last_attempt_at"),
            **impersonal("last_error", "failure_cause", "completed_at"),
        },
        Retention("created_at", AFTER_RETENTION),
        Basis.REQUEST,
    ),
    "hubspot_sync_attempts": Table(
        _("What became of a lead each time it was sent"),
        impersonal("id", "assessment_id", "revision", "outcome", "cause", "correlation_id", "created_at")
        | impersonal("trace_id"),
        Retention("created_at", AFTER_RETENTION, delete_row=True),
    ),
    "hubspot_accounts": Table(
        _("HubSpot accounts that leads were sent to"),
        impersonal("portal_id", "connected_at"),
    ),
    "hubspot_erasures": Table(
        _("Contacts that HubSpot must forget; forgotten here as soon as it has"),
        {
            "contact_id": TRACE_NULL,
            "address": CONTACT_NULL,
            **impersonal(
                "id", "erasure_id", "portal_id", "status", "claims", "lease_token", "lease_until", "outages"
            ),
            **impersonal("next_try_at", "cause", "created_at", "done_at"),
        },
        Retention("created_at", AFTER_RETENTION),
        Basis.DUTY,
    ),
    "mail_queue": Table(
        _("Mails on their way: about which assessment, never what they say, nor to whom once they are sent"),
        {
            "key": TRACE,
            "recipient": TRACE,
            "address": Column(DataClass.PERSONAL, to=(Recipient.MAIL,)),  # cleared once mailed
            **impersonal("id", "kind", "assessment_id", "status", "claims", "lease_token", "lease_until"),
            **impersonal("link_id", "failures", "next_try_at", "failure_cause", "created_at", "sent_at"),
            **impersonal("asked_with", "tried_at", "refused_since"),
        },
        Retention("created_at", AFTER_RETENTION, delete_row=True),
        Basis.REQUEST,
    ),
    "webhooks": Table(
        _("Addresses that hear of qualified leads"),
        impersonal("id", "name", "url", "secret", "shape", "is_active", "created_at"),
    ),
    "webhook_calls": Table(
        _("Calls of webhooks: about which lead, with a link and nothing of the person"),
        {
            **impersonal("id", "webhook_id", "assessment_id", "status", "claims", "lease_token"),
            **impersonal("lease_until", "failures", "next_try_at", "failure_cause", "created_at", "done_at"),
        },
        Retention("created_at", AFTER_RETENTION, delete_row=True),
    ),
    "mail_stops": Table(
        _("Addresses to which we write no more, as keyed hashes: somebody clicked on “stop” in a mail"),
        {"recipient": TRACE, **impersonal("created_at")},
        Retention("created_at", AS_PROOF, delete_row=True),
        Basis.DUTY,
    ),
    "hubspot_reconciliations": Table(
        _("Comparisons of our leads with HubSpot's records: counts, and how far each came"),
        {
            "after": TRACE,
            **impersonal("id", "dry_run", "step", "here", "there", "on_their_way"),
            **impersonal("lease_token", "lease_until", "started_at", "finished_at"),
        },
        Retention("started_at", AFTER_RETENTION, delete_row=True),
        Basis.INTEREST,
    ),
    "hubspot_differences": Table(
        _("What a comparison found: which lead or record, never who"),
        {
            "hubspot_id": TRACE,
            **impersonal("id", "reconciliation_id", "assessment_id", "kind", "put_right", "created_at"),
        },
        Retention("created_at", AFTER_RETENTION, delete_row=True),
        Basis.INTEREST,
    ),
}
