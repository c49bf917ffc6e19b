"""Check that the HubSpot account is ready to receive leads: one finding per item, in words, with its fix."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from hubspot_sync.account.probe_lead import ProbeLead
from hubspot_sync.account.setup import WantedProperty, problem_of, wanted_properties
from hubspot_sync.delivery.mapping import Destination
from hubspot_sync.http.account import DETAILS
from hubspot_sync.http.client import HubSpotClient
from hubspot_sync.http.errors import HubSpotError, Misconfigured, NotFound, Rejected, TryAgain
from hubspot_sync.http.responses import json_objects

USAGE = "/account-info/v3/api-usage/daily/private-apps"
KINDS = ("contacts", "deals")
FULL = 0.9  # of the daily quota


@dataclass(frozen=True, slots=True)
class CheckResult:
    subject: str
    good: bool
    words: str = "ok"

    def __str__(self) -> str:
        return f"{self.subject}: {self.words}"


def check_account(
    client: HubSpotClient, to: Destination, now: datetime, *, test_lead: bool
) -> Iterator[CheckResult]:
    """Run every check, even after one fails; without a token there is nothing else to check."""
    token = check_token(client)
    yield token
    if not token.good:
        return
    scopes = [check_scope(client, kind, right) for kind in KINDS for right in ("read", "write")]
    yield from scopes
    for wanted in wanted_properties(to):
        yield check_property(client, wanted)
    yield check_pipeline(client, to)
    yield check_usage(client)
    if test_lead and all(scope.good for scope in scopes):
        yield from send_probe_lead(ProbeLead(client, to, now))


def check_token(client: HubSpotClient) -> CheckResult:
    try:
        account = client.call("GET", DETAILS)
    except HubSpotError as error:
        return failed_check("token", error)
    return CheckResult(
        "token", True, f"ok, account {account.get('portalId')}, time zone {account.get('timeZone')}"
    )


def check_scope(client: HubSpotClient, kind: str, right: str) -> CheckResult:
    """Probe a write scope with an empty batch: only a missing scope is refused with 403."""
    subject = f"scope crm.objects.{kind}.{right}"
    try:
        if right == "read":
            client.page(kind, [])
        else:
            client.upsert(kind, [])
    except Rejected:
        pass  # the empty batch was rejected as such, so the scope is granted
    except HubSpotError as error:
        if error.cause.startswith("not_authorised_403"):
            return CheckResult(
                subject, False, "missing. Add it to the service key or private app of HUBSPOT_TOKEN"
            )
        return failed_check(subject, error)
    return CheckResult(subject, True)


def check_property(client: HubSpotClient, wanted: WantedProperty) -> CheckResult:
    subject = f"{wanted.kind} property {wanted.name}"
    try:
        found = client.property(wanted.kind, wanted.name)
    except NotFound:
        if wanted.optional:
            return CheckResult(subject, True, "not there: leads go on without it")
        return CheckResult(subject, False, "missing. Run hubspot_setup")
    except HubSpotError as error:
        return failed_check(subject, error)
    problem = problem_of(found, wanted)
    return CheckResult(subject, False, problem) if problem else CheckResult(subject, True)


def check_pipeline(client: HubSpotClient, to: Destination) -> CheckResult:
    subject = f"pipeline {to.pipeline} with stage {to.deal_stage}"
    fix = "Run hubspot_setup, or set HUBSPOT_PIPELINE and HUBSPOT_DEAL_STAGE"
    try:
        pipelines = client.deal_pipelines()
    except HubSpotError as error:
        return failed_check(subject, error)
    if to.pipeline not in pipelines:
        return CheckResult(subject, False, f"the pipeline is missing. {fix}")
    if to.deal_stage not in pipelines[to.pipeline]:
        return CheckResult(subject, False, f"the stage is missing. {fix}")
    return CheckResult(subject, True)


def check_usage(client: HubSpotClient) -> CheckResult:
    """Today's API usage: all apps of the account together, where HubSpot reports that."""
    subject = "calls of today"
    try:
        usage = next(iter(json_objects(client.call("GET", USAGE).get("results"))), {})
    except HubSpotError as error:
        return failed_check(subject, error)
    used, limit = usage.get("currentUsage"), usage.get("usageLimit")
    if not isinstance(used, int) or not isinstance(limit, int):
        return CheckResult(subject, True, "HubSpot does not tell")
    words = f"{used:,} of {limit:,}"
    if used < limit * FULL:
        return CheckResult(subject, True, f"ok, {words}")
    return CheckResult(
        subject, False, f"{words}. Leads wait until {usage.get('resetsAt')} once they are used up"
    )


def send_probe_lead(trial: ProbeLead) -> Iterator[CheckResult]:
    """Perform each step until one fails, and always remove the probe lead."""
    try:
        for step in (trial.create, trial.change, trial.link):
            subject = f"test lead, {step.__name__}"
            try:
                step()
            except HubSpotError as error:
                yield failed_check(subject, error)
                break
            yield CheckResult(subject, True)
    finally:
        removed = remove_probe_lead(trial)
    yield removed


def remove_probe_lead(trial: ProbeLead) -> CheckResult:
    try:
        trial.remove()
    except HubSpotError as error:
        fix = f"Delete the contact {trial.lead.email} and its deal in HubSpot"
        return CheckResult("test lead, remove", False, f"{error.cause}. {fix}")
    return CheckResult("test lead, remove", True)


def failed_check(subject: str, error: HubSpotError) -> CheckResult:
    words = f"{error.cause}, correlation id {error.correlation_id}" if error.correlation_id else error.cause
    return CheckResult(subject, False, f"{words}. {fix_of(error)}")


def fix_of(error: HubSpotError) -> str:
    if isinstance(error, TryAgain):
        return (
            "HubSpot cannot answer now. Check HUBSPOT_BASE_URL and the network, and run hubspot_check again"
        )
    if error.cause.startswith("not_authorised"):
        return "Set HUBSPOT_TOKEN to a valid service key or private app token with the scopes above"
    if isinstance(error, Misconfigured):
        return "Check HUBSPOT_BASE_URL and HUBSPOT_API_VERSION, and run hubspot_setup"
    return "HubSpot does not take it: docs/hubspot.md lists the causes"
