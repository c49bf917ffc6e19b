"""Causes in words."""

import re
from pathlib import Path

import pytest

from hubspot_sync import answers, client, delivery, outcomes
from hubspot_sync.causes import CAUSES, explain


@pytest.mark.parametrize("code", CAUSES)
def test_every_cause_says_what_happened_and_what_to_do(code: str) -> None:
    cause = explain(code)
    assert cause.happened.endswith(".")
    assert cause.to_do.endswith(".")


@pytest.mark.parametrize("module", [answers, client, delivery, outcomes])
def test_the_causes_that_the_code_writes_are_explained(module: object) -> None:
    source = Path(str(module.__file__)).read_text()  # type: ignore[attr-defined]
    raised = r'(?:TryAgain|NotFound|Misconfigured|give_up|attempt_failed)\((?:\w+, )?"(\w+)"'
    written = set(re.findall(raised, source))
    assert written
    assert written <= CAUSES.keys()


def test_what_the_account_lacks_is_explained() -> None:
    assert CAUSES.keys() >= answers.ACCOUNT_CAUSES


def test_missing_scopes_are_named() -> None:
    cause = explain("not_authorised_403 crm.objects.deals.write")
    assert cause.happened == "Our token may not write there. It lacks crm.objects.deals.write."


def test_an_error_of_hubspots_own_is_told_from_a_refusal() -> None:
    assert explain("http_503").happened == "HubSpot had an error of its own (503)."
    assert explain("some_new_code").happened == "HubSpot refused it: some_new_code."
