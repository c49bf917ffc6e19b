"""Persist the account's records in a file, so that they survive a restart."""

import json
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from hubspot_simulator.account.kinds import Kind
from hubspot_simulator.account.pipelines import Pipeline, Stage
from hubspot_simulator.account.portal import Portal
from hubspot_simulator.account.schema import Group, Option, Property
from hubspot_simulator.account.store import Record
from hubspot_simulator.account.values import instant
from hubspot_simulator.wire.messages import Json

FORMAT = 1


class Unreadable(Exception):
    """The file has another format, or is incomplete."""


def save(portal: Portal) -> None:
    """Write a temporary file and rename it: every answered write is on disk."""
    if portal.state_file is None:
        return
    folder = portal.state_file.parent
    with NamedTemporaryFile("w", dir=folder, prefix=f".{portal.state_file.name}.", delete=False) as file:
        json.dump(dump(portal), file)
    Path(file.name).replace(portal.state_file)


def load(portal: Portal) -> None:
    """Load the file, if there is one, into an empty account. Raises Unreadable with the reason."""
    if portal.state_file is None or not portal.state_file.exists():
        return
    try:
        state = json.loads(portal.state_file.read_text())
        if state["format"] != FORMAT:
            raise Unreadable("it was written by another version")
        restore(portal, state)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise Unreadable(type(error).__name__) from error


def check_writable(path: Path) -> None:
    """Raises OSError when the file will not be writable later."""
    with NamedTemporaryFile("w", dir=path.parent, prefix=f".{path.name}."):
        pass


def dump(portal: Portal) -> Json:
    store = portal.store
    return {
        "format": FORMAT,
        "records": [_record(record) for table in store.records.values() for record in table.values()],
        "links": list(store.links),
        "merged": store.merged,
        "blocked": sorted(store.blocked),
        "properties": {
            kind: [_property(found) for found in schema.properties.values() if not found.standard]
            for kind, schema in portal.schemas.items()
        },
        "groups": {
            kind: [asdict(group) for group in schema.groups.values()]
            for kind, schema in portal.schemas.items()
        },
        "pipelines": [asdict(pipeline) for pipeline in portal.pipelines.values()],
    }


def _record(record: Record) -> Json:
    return {
        "id": record.id,
        "kind": record.kind,
        "properties": dict(record.properties),
        "created_at": instant(record.created_at),
        "updated_at": instant(record.updated_at),
        "archived_at": instant(record.archived_at) if record.archived_at else None,
    }


def _property(found: Property) -> Json:
    return asdict(replace(found, visible_at=None))


def restore(portal: Portal, state: dict[str, Any]) -> None:
    """Load the output of `dump` into an empty account."""
    for kind in Kind:
        schema = portal.schemas[kind]
        schema.groups = {group["name"]: Group(**group) for group in state["groups"][kind]}
        for row in state["properties"][kind]:
            options = tuple(Option(**option) for option in row["options"])
            schema.properties[row["name"]] = Property(**(row | {"options": options}))
    for row in state["pipelines"]:
        stages = tuple(Stage(**stage) for stage in row["stages"])
        portal.pipelines[row["id"]] = Pipeline(**(row | {"stages": stages}))
    for row in state["records"]:
        portal.store.put(_restored(row))
    for deal, contact in state["links"]:
        portal.store.link((deal, contact))
    portal.store.merged.update(state["merged"])
    portal.store.blocked.update(state["blocked"])


def _restored(row: dict[str, Any]) -> Record:
    times = ("created_at", "updated_at", "archived_at")
    moments = {name: datetime.fromisoformat(row[name]) if row[name] else None for name in times}
    return Record(**(row | moments | {"kind": Kind(row["kind"])}))
