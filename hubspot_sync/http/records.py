"""Parse HubSpot's records defensively: malformed parts are left out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hubspot_sync.http.errors import TryAgain
from hubspot_sync.http.responses import json_objects, record_id

MERGED_IDS = "hs_merged_object_ids"
ADDITIONAL_ADDRESSES = "hs_additional_emails"


@dataclass(frozen=True, slots=True)
class HubSpotRecord:
    """A contact or a deal. `properties` are the requested ones that have a value."""

    id: str
    properties: Mapping[str, str]
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RecordPage:
    """One page of a list; `after` is the cursor of the next page, empty on the last."""

    records: tuple[HubSpotRecord, ...]
    after: str


def read_records(body: Mapping[str, Any]) -> list[HubSpotRecord]:
    """Parse the records; raises TryAgain without a list: only an explicit empty list means none."""
    return [
        HubSpotRecord(id, read_properties(result), read_time(result.get("createdAt")))
        for result in explicit_results(body)
        if (id := record_id(result.get("id"))) and not result.get("archived")
    ]


def explicit_results(body: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The results of an answer; raises TryAgain without a list of them."""
    if not isinstance(body.get("results"), list):
        raise TryAgain("unreadable_answer")
    return json_objects(body["results"])


def names_of(record: HubSpotRecord, id_property: str) -> set[str]:
    """All values by which a look-up may have found this record, folded."""
    if not id_property:
        return {record.id, *record.properties.get(MERGED_IDS, "").split(";")}
    found = [record.properties.get(id_property, "")]
    if id_property == "email":
        found += record.properties.get(ADDITIONAL_ADDRESSES, "").split(";")
    return {value.strip().lower() for value in found}


def read_properties(result: Mapping[str, Any]) -> dict[str, str]:
    held = result.get("properties")
    return {name: str(value) for name, value in held.items() if value} if isinstance(held, dict) else {}


def read_time(value: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def read_page(body: Mapping[str, Any]) -> RecordPage:
    paging = body.get("paging")
    following = paging.get("next") if isinstance(paging, dict) else None
    after = following.get("after") if isinstance(following, dict) else None
    return RecordPage(tuple(read_records(body)), str(after or ""))


def read_associations(body: Mapping[str, Any]) -> set[tuple[str, str]]:
    """(from id, to id) of every association in a batch; raises TryAgain without a list."""
    return {
        (str(result["from"].get("id")), str(end["toObjectId"]))
        for result in explicit_results(body)
        if isinstance(result.get("from"), dict)
        for end in json_objects(result.get("to"))
        if end.get("toObjectId")
    }
