"""Causes in words."""

import re
from pathlib import Path

import pytest

import hubspot_sync
from hubspot_sync.causes import CAUSES, explain
from hubspot_sync.delivery import batch, contacts
from hubspot_sync.http.responses import ACCOUNT_CAUSES

WRITTEN = re.compile(
    r"(?:TryAgain|Throttled|Rejected|NotFound|Misconfigured|record_failed_attempt|record_rejected|mark_failed)"
    r'\((?:\w+(?: or|,) )?"(\w+)"'
)


@pytest.mark.parametrize("code", CAUSES)
def test_every_cause_says_what_happened_and_what_to_do(code: str) -> None:
    cause = explain(code)
    assert cause.happened.endswith(".")
    assert cause.to_do.endswith(".")


def test_every_cause_that_the_code_writes_is_explained() -> None:
    folder = Path(hubspot_sync.__file__).parent
    modules = [path for path in folder.rglob("*.py") if "tests" not in path.parts]
    written = {code for path in modules for code in WRITTEN.findall(path.read_text())}
    assert {"throttled", "out_of_time", "association_refused", "worker_died"} <= written
    notes = {batch.ERASED, contacts.MADE_AGAIN, contacts.NEW_ADDRESS}
    notes |= {contacts.OTHER_CONTACT, contacts.SECOND_ADDRESS}
    assert written | notes | ACCOUNT_CAUSES <= CAUSES.keys()


@pytest.mark.parametrize(
    ("code", "happened"),
    [
        ("http_503", "HubSpot had an error of its own (503)."),
        ("http_301", "HubSpot does not accept our calls (301)."),
        ("some_new_code", "HubSpot refused it: some_new_code."),
    ],
)
def test_a_code_that_is_not_listed_is_named(code: str, happened: str) -> None:
    assert explain(code).happened == happened


def test_what_a_token_lacks_is_named() -> None:
    assert explain("not_authorised_403 crm.objects.deals.write").to_do.endswith(
        "Missing: crm.objects.deals.write."
    )
