"""Create what a HubSpot account needs: properties, our unique deal key, the pipeline and its stage.

Idempotent: only what is missing is created, and nothing that exists is changed, so it may run at every start.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from assessments.qualification import LeadQuality
from hubspot_sync.delivery.mapping import Destination
from hubspot_sync.http.client import HubSpotClient
from hubspot_sync.http.errors import HubSpotError, NotAuthorised, NotFound, TryAgain
from hubspot_sync.http.responses import json_objects

WITHOUT_DETAILS = "left out, the account does not take it: leads go on without it"


class Unsuitable(Exception):
    """An existing property that would not accept our values; the message says why."""


@dataclass(frozen=True, slots=True)
class SetupStep:
    """The outcome for one item: `contacts property lead_source: there`."""

    subject: str
    words: str
    done: bool = True

    def __str__(self) -> str:
        return f"{self.subject}{':' if self.done else ''} {self.words}"


@dataclass(frozen=True, slots=True)
class WantedProperty:
    kind: str
    name: str
    label: str
    type: str = "number"
    field_type: str = "number"
    unique: bool = False
    values: tuple[str, ...] = ()  # all values that we send; empty: any value
    optional: bool = False  # optional: leads are delivered without it

    @property
    def body(self) -> dict[str, object]:
        group = "contactinformation" if self.kind == "contacts" else "dealinformation"
        return {
            "name": self.name,
            "label": self.label,
            "groupName": group,
            "type": self.type,
            "fieldType": self.field_type,
            "hasUniqueValue": self.unique,
        }


def wanted_properties(to: Destination) -> Iterator[WantedProperty]:
    """The properties to create, the unique deal key first: without it a deal could be duplicated."""
    yield WantedProperty("deals", to.deal_key, "Assessment key", "string", "text", unique=True)
    yield from (wanted for wanted in wanted_contact_properties(to) if wanted.name)


def wanted_contact_properties(to: Destination) -> Iterator[WantedProperty]:
    """The properties of our contacts; `values` are those we may send, for an account that restricts them."""
    score, quality = to.name("ai_assessment_score"), to.name("ai_lead_quality")
    day, seconds = to.name("ai_assessment_date"), to.name("ai_completion_time")
    yield WantedProperty("contacts", score, label_of(score))
    yield text_property(to.name("ai_assessment_category"))
    for name in to.area_properties.values():
        yield WantedProperty("contacts", name, label_of(name))
    yield WantedProperty("contacts", day, label_of(day), "date", "date")
    yield WantedProperty("contacts", seconds, f"{label_of(seconds)} in seconds")
    yield text_property(quality, "", *(each.value for each in LeadQuality))
    yield text_property(to.name("lead_source"), "", *sorted({to.lead_source, *to.sources} - {""}))
    for named in to.named:
        fields = {"number": "number", "date": "date"}
        label, control = label_of(named.name), fields.get(named.type, "text")
        yield WantedProperty("contacts", named.name, label, named.type, control, values=named.values)
    for key, name in to.campaign_properties.items():
        yield text_property(name, label_of(key).replace("Utm", "Campaign"))
    for key, name in to.sales_properties.items():
        yield text_property(name, f"Lead {key}")
    details = text_property(to.details_property)
    yield replace(details, field_type="textarea", optional=True)


def text_property(name: str, label: str = "", *values: str) -> WantedProperty:
    """A text; without a label, it is called as its name says."""
    return WantedProperty("contacts", name, label or label_of(name), "string", "text", values=values)


def set_up_account(client: HubSpotClient, to: Destination) -> Iterator[SetupStep]:
    """Create what is missing and return one step per item; a failed item is reported and the others continue.

    Raises TryAgain and NotAuthorised: then no other item would succeed either.
    """
    for wanted in wanted_properties(to):
        made = setup_step(f"{wanted.kind} property {wanted.name}", partial(ensure_property, client, wanted))
        yield replace(made, done=True, words=WITHOUT_DETAILS) if wanted.optional and not made.done else made
    yield setup_step(f"pipeline {to.pipeline}", partial(ensure_pipeline, client, to))


def setup_step(subject: str, ensure: Callable[[], str]) -> SetupStep:
    try:
        return SetupStep(subject, ensure())
    except (TryAgain, NotAuthorised):
        raise
    except HubSpotError as error:
        words = f"could not be made: {error.cause}. Look at it in HubSpot, then run hubspot_setup again"
    except Unsuitable as unsuitable:
        words = str(unsuitable)
    return SetupStep(subject, words, done=False)


def ensure_property(client: HubSpotClient, wanted: WantedProperty) -> str:
    try:
        found = client.property(wanted.kind, wanted.name)
    except NotFound:
        client.call("POST", client.path("properties", wanted.kind), wanted.body)
        return "created"
    if problem := problem_of(found, wanted):
        raise Unsuitable(problem)
    return "there"


def problem_of(found: Mapping[str, Any], wanted: WantedProperty) -> str:
    """Why an existing property would not accept our values; '' when it would."""
    if wanted.unique and found.get("hasUniqueValue") is not True:
        return "is not unique. Archive it in HubSpot, or name another one in HUBSPOT_PROPERTIES"
    fix = "Name another property, or none: docs/hubspot.md, “Names that are taken”"
    if not wanted.unique and found.get("hasUniqueValue") is True:
        return f"is unique, but two leads may have the same value. {fix}"
    if is_read_only(found):
        return f"is filled by HubSpot alone. {fix}"
    kind = str(found.get("type"))
    if kind in (wanted.type, "string"):
        return ""
    if kind == "enumeration" and wanted.values:
        options = {str(option.get("value")) for option in json_objects(found.get("options"))}
        lacking = [value for value in wanted.values if value not in options]
        return f"is a dropdown without {', '.join(lacking)}. Add that option. {fix}" if lacking else ""
    return f"has type {kind}, not {wanted.type}. {fix}"


def is_read_only(found: Mapping[str, Any]) -> bool:
    """Whether nobody can write the values of a property, as those of a calculated one."""
    rights = found.get("modificationMetadata")
    return found.get("calculated") is True or (
        isinstance(rights, dict) and rights.get("readOnlyValue") is True
    )


def ensure_pipeline(client: HubSpotClient, to: Destination) -> str:
    path = client.path("pipelines", "deals")
    pipelines = client.deal_pipelines()
    stage = {"stageId": to.deal_stage, "label": label_of(to.deal_stage), "displayOrder": 0}
    stage_body = {**stage, "metadata": {"probability": "0.2"}}
    if to.pipeline not in pipelines:
        closing = [
            {"label": "Won", "displayOrder": 1, "metadata": {"probability": "1.0"}},
            {"label": "Lost", "displayOrder": 2, "metadata": {"probability": "0.0"}},
        ]
        body = {
            "pipelineId": to.pipeline,
            "label": label_of(to.pipeline),
            "displayOrder": len(pipelines),
            "stages": [stage_body, *closing],
        }
        client.call("POST", path, body)
        return "created"
    if to.deal_stage not in pipelines[to.pipeline]:
        client.call("POST", f"{path}/{to.pipeline}/stages", stage_body)
        return f"stage {to.deal_stage} added"
    return "there"


def label_of(name: str) -> str:
    return name.replace("_", " ").capitalize().replace("Ai ", "AI ")
