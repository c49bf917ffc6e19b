import socket
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from pytest_django.fixtures import Settings

import hubspot_simulator
from hubspot_simulator.account.faults import Fault
from hubspot_simulator.account.kinds import Kind
from hubspot_sync.account.setup import problem_of, text_property
from hubspot_sync.http.client import HubSpotClient
from hubspot_sync.tests.conftest import NO_LIMIT

TOKEN = "pat-na1-set-up"


@pytest.fixture
def empty(settings: Settings, db: None) -> Iterator[hubspot_simulator.Running]:
    """A HubSpot account as HubSpot hands it out, with no limit in the way."""
    with hubspot_simulator.serve(
        token=TOKEN, seed=5, switches=hubspot_simulator.Switches(burst_limit=NO_LIMIT)
    ) as running:
        settings.HUBSPOT_BASE_URL = running.url
        settings.HUBSPOT_TOKEN = TOKEN
        yield running


def lines(capsys: pytest.CaptureFixture[str]) -> list[str]:
    call_command("hubspot_setup")
    return capsys.readouterr().out.splitlines()


def complaint() -> str:
    with pytest.raises(CommandError) as caught:
        call_command("hubspot_setup")
    return str(caught.value)


def make(running: hubspot_simulator.Running, kind: str, **body: object) -> None:
    group = "contactinformation" if kind == "contacts" else "dealinformation"
    whole = {"label": "X", "groupName": group, "type": "string", "fieldType": "text", **body}
    with closing(HubSpotClient(running.url, TOKEN, version="v3")) as client:
        client.call("POST", f"/crm/v3/properties/{kind}", whole)


def test_an_empty_account_gets_everything(
    empty: hubspot_simulator.Running, capsys: pytest.CaptureFixture[str]
) -> None:
    assert all(line.endswith(": created") for line in lines(capsys))
    contact, deal = (empty.portal.schemas[kind].properties for kind in (Kind.CONTACT, Kind.DEAL))
    assert deal["ai_assessment_key"].unique
    assert contact["ai_assessment_score"].type == "number"
    assert contact["ai_assessment_date"].type == "date"
    stages = empty.portal.pipelines["ai_consulting_pipeline"].stages
    assert stages[0].id == "executive_briefing_requested"


@pytest.mark.parametrize("version", ["v3", "2026-03", "2026-09"])
def test_set_up_speaks_the_configured_version(
    empty: hubspot_simulator.Running, settings: Settings, version: str
) -> None:
    settings.HUBSPOT_API_VERSION = version
    call_command("hubspot_setup")
    assert all(f"/{version}/" in call.path for call in empty.portal.calls.kept)


def test_a_free_account_has_room_for_our_contact_properties(empty: hubspot_simulator.Running) -> None:
    call_command("hubspot_setup")
    optional = {"ai_details_given"}
    custom = {each.name for each in empty.portal.schemas[Kind.CONTACT].custom()}
    assert len(custom - optional) <= 10


def test_a_free_account_has_room_for_all_without_one_area(
    empty: hubspot_simulator.Running, settings: Settings
) -> None:
    empty.portal.switches = replace(empty.portal.switches, free_account=True)
    assert complaint()
    kept = dict(list(settings.HUBSPOT_AREA_PROPERTIES.items())[:-1])
    settings.HUBSPOT_AREA_PROPERTIES = kept
    empty.portal.reset()
    call_command("hubspot_setup")
    assert sum(len(schema.custom()) for schema in empty.portal.schemas.values()) == 10


def test_a_second_run_changes_nothing(
    empty: hubspot_simulator.Running, capsys: pytest.CaptureFixture[str]
) -> None:
    lines(capsys)
    empty.portal.calls.clear()
    assert all(line.endswith(": there") for line in lines(capsys))
    assert {call.method for call in empty.portal.calls.kept} == {"GET"}


def test_what_is_missing_alone_is_created(
    empty: hubspot_simulator.Running, capsys: pytest.CaptureFixture[str]
) -> None:
    lines(capsys)
    del empty.portal.schemas[Kind.CONTACT].properties["ai_lead_quality"]
    created = [line for line in lines(capsys) if line.endswith(": created")]
    assert created == ["contacts property ai_lead_quality: created"]


def test_a_pipeline_of_that_name_gets_our_stage(
    empty: hubspot_simulator.Running, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.HUBSPOT_PIPELINE = "default"
    assert lines(capsys)[-1] == "pipeline default: stage executive_briefing_requested added"
    assert empty.portal.pipelines["default"].has("executive_briefing_requested")


def test_a_property_of_another_type_is_named(empty: hubspot_simulator.Running) -> None:
    make(empty, "contacts", name="ai_assessment_score", type="bool", fieldType="booleancheckbox")
    assert "property ai_assessment_score has type bool, not number" in complaint()


def test_a_dropdown_that_has_our_value_is_taken(
    empty: hubspot_simulator.Running, capsys: pytest.CaptureFixture[str]
) -> None:
    make(empty, "contacts", name="lead_source", **dropdown("Web", "AI Reality Check"))
    assert "contacts property lead_source: there" in lines(capsys)


def test_a_dropdown_without_our_value_is_named_and_the_rest_is_made(
    empty: hubspot_simulator.Running, capsys: pytest.CaptureFixture[str]
) -> None:
    make(empty, "contacts", name="lead_source", **dropdown("Web", "Trade fair"))
    assert "contacts property lead_source is a dropdown without AI Reality Check" in complaint()
    assert "pipeline ai_consulting_pipeline: created" in capsys.readouterr().out
    assert empty.portal.pipelines["ai_consulting_pipeline"].has("executive_briefing_requested")


def test_a_property_can_be_renamed_or_left_out(
    empty: hubspot_simulator.Running, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.HUBSPOT_PROPERTIES = {"lead_source": "", "ai_lead_quality": "quality_of_lead"}
    names = [line.split(":")[0] for line in lines(capsys)]
    assert "contacts property quality_of_lead" in names
    assert not {"contacts property lead_source", "contacts property ai_lead_quality"} & set(names)


def dropdown(*values: str) -> dict[str, Any]:
    options = [{"label": value, "value": value} for value in values]
    return {"type": "enumeration", "fieldType": "select", "options": options}


@pytest.mark.parametrize(
    ("found", "words"),
    [
        ({"type": "string", "hasUniqueValue": True}, "is unique"),
        ({"type": "string", "calculated": True}, "is filled by HubSpot alone"),
        ({"type": "string", "modificationMetadata": {"readOnlyValue": True}}, "is filled by HubSpot alone"),
        ({"type": "phone_number"}, "has type phone_number"),
        ({"type": "enumeration", "options": None}, "is a dropdown without AI Reality Check"),
        ({}, "has type None"),
    ],
)
def test_a_property_that_cannot_take_our_value_is_named(found: dict[str, Any], words: str) -> None:
    assert problem_of(found, text_property("lead_source", "Lead source", "AI Reality Check")).startswith(
        words
    )


@pytest.mark.parametrize("route", ["GET properties/*", "GET pipelines/*"])
@pytest.mark.parametrize("body", ["{}", '{"results": null}', '{"ok": true}'])
def test_an_answer_that_is_not_hubspots_makes_nothing(
    empty: hubspot_simulator.Running, route: str, body: str
) -> None:
    empty.portal.faults.plan(Fault("foreign", route=route, status=200, body=body))
    assert "does not answer" in complaint()
    assert not [
        call for call in empty.portal.calls.kept if "pipelines" in call.kind and call.method == "POST"
    ]


def test_a_key_that_is_not_unique_is_named(empty: hubspot_simulator.Running) -> None:
    make(empty, "deals", name="ai_assessment_key")
    assert "property ai_assessment_key is not unique" in complaint()


def test_a_missing_token_is_named(settings: Settings) -> None:
    settings.HUBSPOT_TOKEN = ""
    assert complaint().startswith("HUBSPOT_TOKEN is missing")


def test_a_wrong_token_is_named(empty: hubspot_simulator.Running, settings: Settings) -> None:
    settings.HUBSPOT_TOKEN = "pat-na1-wrong"
    assert "not_authorised_401" in complaint()
    assert "Check HUBSPOT_TOKEN" in complaint()
    assert "pat-na1-wrong" not in complaint()


@pytest.mark.django_db
def test_a_hubspot_that_does_not_answer_is_named(settings: Settings) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        settings.HUBSPOT_BASE_URL = f"http://127.0.0.1:{listener.getsockname()[1]}"
    settings.HUBSPOT_TOKEN = TOKEN
    assert complaint().startswith(
        f"HubSpot at HUBSPOT_BASE_URL ({settings.HUBSPOT_BASE_URL}) does not answer"
    )


def test_every_complaint_is_one_line(empty: hubspot_simulator.Running) -> None:
    make(empty, "deals", name="ai_assessment_key")
    assert "\n" not in complaint()


@pytest.mark.parametrize("status", [400, 403, 429, 500, 503])
def test_only_a_404_says_that_a_property_is_missing(
    empty: hubspot_simulator.Running, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    call_command("hubspot_setup")
    monkeypatch.setattr("hubspot_sync.http.client.FIRST_PATIENCE", 0.2)
    empty.portal.faults.plan(Fault("status", route="GET properties/*", status=status))
    empty.portal.calls.clear()
    assert complaint()
    assert {call.method for call in empty.portal.calls.kept} == {"GET"}


def test_a_scope_that_is_missing_is_one_clear_line(empty: hubspot_simulator.Running) -> None:
    empty.portal.scopes.discard("crm.schemas.deals.write")
    assert "not_authorised_403 crm.schemas.deals.write" in complaint()
