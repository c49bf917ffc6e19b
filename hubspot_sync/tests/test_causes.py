"""Causes in words."""

import re
from pathlib import Path

import pytest

from hubspot_sync import client, outcomes
from hubspot_sync.causes import CAUSES, explain


@pytest.mark.parametrize("code", CAUSES)
def test_every_cause_says_what_happened_and_what_to_do(code: str) -> None:
    cause = explain(code)
    assert cause.happened.endswith(".")
    assert cause.to_do.endswith(".")


@pytest.mark.parametrize("module", [client, outcomes])
def test_the_causes_that_the_code_writes_are_explained(module: object) -> None:
    source = Path(str(module.__file__)).read_text()  # type: ignore[attr-defined]
    written = re.findall(r'(?:TryAgain|Rejected|Misconfigured)\("(\w+)"|failure_cause="(\w+)"', source)
    assert written
    assert {raised or stored for raised, stored in written} <= CAUSES.keys()


def test_a_property_code_that_the_client_reads_is_explained() -> None:
    assert {code.lower() for code in client.PROPERTY_CODES} <= CAUSES.keys()


def test_an_error_of_hubspots_own_is_told_from_a_refusal() -> None:
    assert explain("http_503").happened == "HubSpot had an error of its own (503)."
    assert explain("some_new_code").happened == "HubSpot refused it: some_new_code."
