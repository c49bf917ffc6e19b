import pytest
import requests

from .conftest import CONTACTS, DEALS, Caller


@pytest.mark.parametrize(
    "headers", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "pat-na1-test"}]
)
def test_without_the_bearer_token_every_call_is_401(hubspot: Caller, headers: dict[str, str]) -> None:
    answer = requests.get(hubspot.running.url + CONTACTS, headers=headers, timeout=5)
    assert (answer.status_code, answer.json()["category"]) == (401, "INVALID_AUTHENTICATION")
    assert answer.json()["message"].startswith("Authentication credentials not found.")


def test_a_scope_that_is_missing_is_named(hubspot: Caller) -> None:
    hubspot.running.portal.scopes.discard("crm.objects.deals.write")
    answer = hubspot.post(DEALS, {"properties": {}})
    assert (answer.status_code, answer.json()["category"]) == (403, "MISSING_SCOPES")
    scopes = answer.json()["errors"][0]["context"]["requiredGranularScopes"]
    assert scopes == ["crm.objects.deals.write"]
    assert hubspot.get(DEALS).status_code == 200


def test_creating_properties_needs_the_schema_scope(hubspot: Caller) -> None:
    hubspot.running.portal.scopes.discard("crm.schemas.deals.write")
    assert hubspot.property("deals", "our_key").status_code == 403
    assert hubspot.get("/crm/v3/properties/deals").status_code == 200


def test_the_account_tells_its_time_zone_and_usage(hubspot: Caller) -> None:
    details = hubspot.get("/account-info/v3/details").json()
    usage = hubspot.get("/account-info/v3/api-usage/daily/private-apps").json()["results"][0]
    assert (details["timeZone"], details["utcOffset"]) == ("America/New_York", "-05:00")
    assert (usage["currentUsage"], usage["usageLimit"]) == (2, 250_000)
    assert usage["resetsAt"] == "2026-11-21T05:00:00.000Z"
