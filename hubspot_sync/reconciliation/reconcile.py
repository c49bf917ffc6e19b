"""Reconcile our leads with HubSpot's records in both directions, page by page: resend or list differences.

A run is a row of `hubspot_reconciliations` that stores its position with every page, so any worker can
continue it; a lease excludes a second one. The findings of a page and their repairs are recorded in one
transaction.
"""

import math
import time
from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from assessments.models import Assessment
from audit.models import SystemLog
from hubspot_sync.delivery.enqueue import resend
from hubspot_sync.delivery.mapping import Destination
from hubspot_sync.http.client import HubSpotClient
from hubspot_sync.models import LEASE, Difference, DifferenceKind, Reconciliation, Step
from hubspot_sync.reconciliation.compare import (
    Compared,
    Comparison,
    Finding,
    compare_contacts,
    compare_deals,
    compare_leads,
)
from queues.progress import Progress, no_progress

EVENT = "hubspot_reconciliation"

COMPARISONS: dict[str, Comparison] = {
    Step.LEADS: compare_leads,
    Step.DEALS: compare_deals,
    Step.CONTACTS: compare_contacts,
}
FOLLOWED = {
    DifferenceKind.CONTACT_MERGED: "hubspot_contact_id",
    DifferenceKind.DEAL_MERGED: "hubspot_deal_id",
}
SENT_AGAIN = {
    DifferenceKind.NOT_SENT,
    DifferenceKind.CONTACT_DIFFERS,
    DifferenceKind.DEAL_DIFFERS,
    DifferenceKind.NOT_LINKED,
}


def reconcile(
    client: HubSpotClient,
    to: Destination,
    *,
    dry_run: bool = False,
    until: float = math.inf,
    progress: Progress[Reconciliation] = no_progress,
) -> Reconciliation | None:
    """Start or continue a run, until it has finished or the monotonic clock reaches `until`.

    A dry run changes nothing but its own row. Returns the run; None while another worker has it. Raises
    TryAgain or Misconfigured: the next call continues at the page that failed.
    """
    run = Reconciliation.objects.claim(dry_run=dry_run)
    if run is None:
        return None
    token = run.lease_token
    try:
        while run and not run.finished_at and time.monotonic() < until:
            run = record_page(run, COMPARISONS[run.step](client, to, run.after))
            if run:
                progress(run)
    finally:
        Reconciliation.objects.filter(lease_token=token).update(lease_token=None, lease_until=None)
    return run


def record_page(run: Reconciliation, compared: Compared) -> Reconciliation | None:
    """Record one page and repair what can be repaired; None when the lease was lost."""
    with transaction.atomic():
        ours = Reconciliation.objects.filter(pk=run.pk, lease_token=run.lease_token)
        if not ours.select_for_update().exists():
            return None
        findings = lock_unchanged(compared.findings)
        put_right = set() if run.dry_run else repair(findings)
        Difference.objects.bulk_create(
            Difference(
                reconciliation=run,
                assessment=finding.assessment,
                kind=finding.kind,
                hubspot_id=finding.hubspot_id,
                put_right=finding in put_right,
            )
            for finding in findings
        )
        step = run.step if compared.after else step_after(run.step)
        ours.update(
            here=F("here") + compared.here,
            there=F("there") + compared.there,
            on_their_way=F("on_their_way") + compared.on_their_way,
            step=step or run.step,
            after=compared.after,
            lease_until=Now() + LEASE,
            finished_at=None if step else Now(),
        )
        run.refresh_from_db()
        if run.finished_at:
            SystemLog.objects.record(EVENT, summary_of(run), **reconciliation_counts(run))
    return run


def step_after(step: str) -> str | None:
    steps: list[str] = list(Step)
    return next(iter(steps[steps.index(step) + 1 :]), None)


def lock_unchanged(findings: Sequence[Finding]) -> list[Finding]:
    """Lock the leads, and leave out those changed since they were read: the next run compares them."""
    leads = {finding.assessment.pk: finding.assessment for finding in findings if finding.assessment}
    locked = Assessment.objects.filter(pk__in=list(leads)).order_by("pk").select_for_update(no_key=True)
    current = dict(locked.values_list("pk", "updated_at"))
    return [
        finding
        for finding in findings
        if not finding.assessment or current.get(finding.assessment.pk) == finding.assessment.updated_at
    ]


def repair(findings: Sequence[Finding]) -> set[Finding]:
    """Follow merged records and resend leads that differ; returns what was repaired."""
    for finding in findings:
        if finding.assessment and finding.kind in FOLLOWED:
            step = FOLLOWED[finding.kind]
            Assessment.objects.filter(pk=finding.assessment.pk).update(**{step: finding.new_id})
    sent = {finding.assessment for finding in findings if finding.assessment and finding.kind in SENT_AGAIN}
    for lead in sorted(sent, key=lambda lead: lead.pk):
        resend(lead)
    return {finding for finding in findings if finding.kind in FOLLOWED or finding.kind in SENT_AGAIN}


def reconciliation_counts(run: Reconciliation) -> dict[str, int | bool | dict[str, int]]:
    """The counts of a run. Two differences of one lead count as one lead."""
    found = list(run.differences.values_list("kind", "assessment_id", "hubspot_id", "put_right"))
    leads = {assessment or hubspot_id for _, assessment, hubspot_id, _ in found}
    to_decide = {assessment or hubspot_id for _, assessment, hubspot_id, put_right in found if not put_right}
    return {
        "here": run.here,
        "there": run.there,
        "differ": len(leads),
        "put_right": len(leads - to_decide),
        "to_decide": len(to_decide),
        "on_their_way": run.on_their_way,
        "dry_run": run.dry_run,
        "kinds": dict(Counter(kind for kind, *_ in found)),
    }


def summary_of(run: Reconciliation) -> str:
    """The summary for a manager: `412 leads here, 412 there, 0 differ`."""
    counted: Any = Reconciliation.objects.with_counts().get(pk=run.pk)
    return summary_with_counts(run, differ=counted.differ, to_decide=counted.to_decide)


def summary_with_counts(run: Reconciliation, *, differ: int, to_decide: int) -> str:
    """The summary of a run whose differences are already counted, as by `with_counts`."""
    words = f"{run.here} lead{'' if run.here == 1 else 's'} here, {run.there} there, "
    words += f"{differ} differ{'s' if differ == 1 else ''}"
    if differ and not run.dry_run:
        words += f": {differ - to_decide} put right, {to_decide} for a person to decide"
    if run.on_their_way:
        words += f"; {run.on_their_way} on the way"
    return words + (" (dry run: nothing was changed)" if run.dry_run else "")
