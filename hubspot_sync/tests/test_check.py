"""What hubspot_check says of accounts that are ready, half ready, and out of their mind."""

import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from hubspot_simulator.account.kinds import Kind
from hubspot_sync.tests.conftest import DEALS, LINKS, Account

CHANGE = "POST objects/*/batch/update"


def run(*options: str) -> tuple[list[str], bool]:
    """The lines, and whether all is well."""
    out = StringIO()
    try:
        call_command("hubspot_check", *options, stdout=out)
    except CommandError:
        return out.getvalue().splitlines(), False
    return out.getvalue().splitlines(), True


def wrong(*options: str) -> list[str]:
    """The lines that are not ok."""
    lines, fine = run(*options)
    assert not fine
    return [line for line in lines if not re.search(r": ok\b", line)]


def test_an_account_that_is_ready_is_ok_line_by_line(account: Account) -> None:
    lines, fine = run()
    assert fine
    assert all(re.search(r": ok\b", line) for line in lines)
    assert lines[0] == "token: ok, account 1, time zone America/New_York"
    assert re.fullmatch(r"calls of today: ok, \d+ of 250,000", lines[-5])
    assert lines[-4:] == [f"test lead, {step}: ok" for step in ("create", "change", "link", "remove")]


def test_the_test_lead_leaves_nothing_behind(account: Account) -> None:
    run()
    assert account.totals == (0, 0, 0)
    assert account.calls(LINKS) == 1
    assert not account.running.store.blocked


def test_without_a_test_lead_nothing_is_written(account: Account) -> None:
    lines, fine = run("--without-test-lead")
    assert fine
    assert not any("test lead" in line for line in lines)
    assert sum(len(table) for table in account.running.store.records.values()) == 0


def test_a_missing_token_is_named(settings: Settings) -> None:
    settings.HUBSPOT_TOKEN = ""
    with pytest.raises(CommandError, match="HUBSPOT_TOKEN is missing"):
        call_command("hubspot_check")


def test_a_wrong_token_is_all_there_is_to_say(account: Account, settings: Settings) -> None:
    settings.HUBSPOT_TOKEN = "pat-na1-wrong"
    [line] = wrong()
    assert line.startswith("token: not_authorised_401")
    assert "Set HUBSPOT_TOKEN" in line
    assert "pat-na1-wrong" not in line


@pytest.mark.parametrize("kind", ["contacts", "deals"])
@pytest.mark.parametrize("right", ["read", "write"])
def test_a_missing_scope_is_named(account: Account, kind: str, right: str) -> None:
    account.running.portal.scopes.discard(f"crm.objects.{kind}.{right}")
    lines = wrong()
    assert lines[0].startswith(f"scope crm.objects.{kind}.{right}: missing. Add it")
    assert not any("test lead" in line for line in lines)


def test_missing_properties_are_named_with_the_fix(account: Account) -> None:
    del account.running.portal.schemas[Kind.CONTACT].properties["ai_lead_quality"]
    assert "contacts property ai_lead_quality: missing. Run hubspot_setup" in wrong()


def remake(account: Account, kind: Kind, name: str, **changes: Any) -> None:
    properties = account.running.portal.schemas[kind].properties
    made = properties[name]
    fields = {field: getattr(made, field) for field in made.__dataclass_fields__}
    properties[name] = type(made)(**(fields | changes))


def test_a_property_of_another_type_is_named(account: Account) -> None:
    remake(account, Kind.CONTACT, "ai_assessment_score", type="bool")
    assert wrong("--without-test-lead") == [
        "contacts property ai_assessment_score: has type bool, not number. "
        "Name another property, or none: docs/hubspot.md, “Names that are taken”"
    ]


def test_a_key_that_is_not_unique_is_named(account: Account) -> None:
    remake(account, Kind.DEAL, "ai_assessment_key", unique=False)
    assert wrong("--without-test-lead")[0].startswith("deals property ai_assessment_key: is not unique.")


def test_a_missing_pipeline_is_named(account: Account, settings: Settings) -> None:
    settings.HUBSPOT_PIPELINE = "elsewhere"
    assert "the pipeline is missing. Run hubspot_setup" in wrong("--without-test-lead")[0]


def test_a_missing_stage_is_named(account: Account, settings: Settings) -> None:
    settings.HUBSPOT_DEAL_STAGE = "elsewhere"
    assert "the stage is missing. Run hubspot_setup" in wrong("--without-test-lead")[0]


def test_calls_that_are_nearly_used_up_are_told(account: Account) -> None:
    run("--without-test-lead")  # the first call of a day begins its count
    account.running.portal.limits.used_today = 249_000
    [line] = wrong("--without-test-lead")
    assert re.match(r"calls of today: 249,\d\d\d of 250,000. Leads wait until \d{4}-", line)


@pytest.mark.parametrize("route", ["POST objects/deals/batch/upsert", CHANGE, LINKS])
@pytest.mark.parametrize("status", [400, 503])
def test_a_test_lead_that_fails_on_its_way_is_removed_all_the_same(
    account: Account, route: str, status: int
) -> None:
    account.fails(route=route, status=status, skip=int(route == DEALS))  # the first asks for the scope
    lines, fine = run()
    assert not fine
    assert f"{status}" in lines[-2]
    assert lines[-1] == "test lead, remove: ok"
    assert account.totals == (0, 0, 0)


@pytest.mark.parametrize("kind", ["contacts", "deals"])
def test_a_test_lead_whose_answer_was_lost_is_removed_too(account: Account, kind: str) -> None:
    account.fails("reset", route=f"POST objects/{kind}/batch/upsert", skip=1, moment="after")
    assert "test lead, create: hubspot_unreachable" in wrong()[0]
    assert account.totals == (0, 0, 0)


def test_a_test_lead_that_cannot_be_removed_is_named(account: Account) -> None:
    account.fails(route="POST objects/contacts/batch/archive", status=503)
    [line] = wrong()
    assert re.match(r"test lead, remove: http_503. Delete the contact hubspot-check-\w+@example.com", line)


def test_a_test_lead_that_is_interrupted_is_removed(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*args: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("hubspot_sync.http.client.HubSpotClient.associate", interrupt)
    with pytest.raises(KeyboardInterrupt):
        run()
    assert account.totals == (0, 0, 0)


ODD = ["", "null", "[]", "{}", '"text"', "<html>", '{"results": {}}', '{"results": [null, 1, {"id": null}]}']


@pytest.fixture
def odd_server(settings: Settings) -> Iterator[dict[str, Any]]:
    """Answers every request with one status and body."""
    answer: dict[str, Any] = {"status": 200, "body": ""}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"] or 0))
            body = answer["body"].encode()
            self.send_response(answer["status"])
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        settings.HUBSPOT_BASE_URL = f"http://127.0.0.1:{server.server_port}"
        settings.HUBSPOT_TOKEN = "token"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield answer
        server.shutdown()
        thread.join()


@pytest.mark.django_db
@pytest.mark.parametrize("status", [200, 207, 302, 400, 401, 403, 404, 409, 429, 500, 530])
def test_no_answer_of_hubspot_is_a_traceback(odd_server: dict[str, Any], status: int) -> None:
    odd_server["status"] = status
    for odd_server["body"] in ODD:
        lines, fine = run()
        assert lines
        assert not fine
