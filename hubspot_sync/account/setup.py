"""What our side needs in a HubSpot account: properties, our unique key, the pipeline and its stage.

Only what is missing is created, so this may run at every start. Nothing that exists is changed.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from hubspot_sync.delivery.mapping import Destination
from hubspot_sync.http.client import HubSpotClient
from hubspot_sync.http.errors import Misconfigured, NotFound


@dataclass(frozen=True, slots=True)
class WantedProperty:
    kind: str
    name: str
    label: str
    type: str = "number"
    field_type: str = "number"
    unique: bool = False

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
    """The key of our deals first: without it a deal could be doubled."""
    yield WantedProperty("deals", to.deal_key, "Assessment key", "string", "text", unique=True)
    yield WantedProperty("contacts", "ai_assessment_score", "AI assessment score")
    yield WantedProperty("contacts", "ai_assessment_category", "AI assessment category", "string", "text")
    for name in to.area_properties.values():
        yield WantedProperty("contacts", name, name.replace("_", " ").capitalize().replace("Ai ", "AI "))
    yield WantedProperty("contacts", "ai_assessment_date", "AI assessment date", "date", "date")
    yield WantedProperty("contacts", "ai_completion_time", "AI assessment time in seconds")
    yield WantedProperty("contacts", "ai_lead_quality", "AI lead quality", "string", "text")
    yield WantedProperty("contacts", "lead_source", "Lead source", "string", "text")


def set_up_account(client: HubSpotClient, to: Destination) -> Iterator[str]:
    """Create what is missing; one line for each thing, in words.

    Raises Misconfigured when a property of that name exists with another type, or our key is not unique.
    """
    for wanted in wanted_properties(to):
        yield f"{wanted.kind} property {wanted.name}: {ensure_property(client, wanted)}"
    yield f"pipeline {to.pipeline}: {ensure_pipeline(client, to)}"


def ensure_property(client: HubSpotClient, wanted: WantedProperty) -> str:
    try:
        found = client.call("GET", client.path("properties", f"{wanted.kind}/{wanted.name}"))
    except NotFound:
        client.call("POST", client.path("properties", wanted.kind), wanted.body)
        return "created"
    if found.get("type") != wanted.type:
        raise Misconfigured(
            f"property {wanted.name} has type {found.get('type')}, not {wanted.type}: archive or rename it"
        )
    if wanted.unique and not found.get("hasUniqueValue"):
        raise Misconfigured(f"property {wanted.name} is not unique: archive it in HubSpot")
    return "there"


def ensure_pipeline(client: HubSpotClient, to: Destination) -> str:
    path = client.path("pipelines", "deals")
    pipelines = {found["id"]: found for found in client.call("GET", path).get("results", ())}
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
    if to.deal_stage not in {found["id"] for found in pipelines[to.pipeline]["stages"]}:
        client.call("POST", f"{path}/{to.pipeline}/stages", stage_body)
        return f"stage {to.deal_stage} added"
    return "there"


def label_of(name: str) -> str:
    return name.replace("_", " ").capitalize().replace("Ai ", "AI ")
