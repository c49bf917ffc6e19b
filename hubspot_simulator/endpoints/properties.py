"""Property definitions and their groups."""

import re
from dataclasses import replace
from datetime import timedelta

from hubspot_simulator.account.kinds import Kind
from hubspot_simulator.account.portal import Portal
from hubspot_simulator.account.schema import UNIQUE_LIMIT, Group, Option, Property, Schema
from hubspot_simulator.wire import reading
from hubspot_simulator.wire.errors import Refusal, not_found, validation
from hubspot_simulator.wire.messages import Answer, Json, Request

FREE_LIMIT = 10  # custom properties of all object types together
PAID_LIMIT = 1000  # custom properties per object type
NAME = re.compile(r"[a-z][a-z0-9_]{0,99}")
TYPES = ("bool", "date", "datetime", "enumeration", "number", "phone_number", "string")
FIELD_TYPES = (
    "booleancheckbox",
    "calculation_equation",
    "checkbox",
    "date",
    "file",
    "html",
    "number",
    "phonenumber",
    "radio",
    "select",
    "text",
    "textarea",
)


def page(portal: Portal, request: Request) -> Answer:
    schema = _schema(portal, request)
    return Answer(200, {"results": [_view(found) for found in schema.visible(portal.now())]})


def read(portal: Portal, request: Request) -> Answer:
    return Answer(200, _view(_named(portal, request)))


def create(portal: Portal, request: Request) -> Answer:
    """Create a property: 201; an archived one with that name is restored as it was.

    Raises Refusal 409 for a taken name, 400 for an invalid definition.
    """
    schema, body = _schema(portal, request), reading.body(request)
    made = _property(schema, body)
    former = schema.properties.get(made.name)
    if former is not None and not former.archived:
        raise _exists(made.name, "Properties.PROPERTY_WITH_NAME_EXISTS")
    if _full(portal, schema):
        raise validation("The limit of custom properties is reached", invented=True)
    if made.unique and len([found for found in schema.custom() if found.unique]) >= UNIQUE_LIMIT:
        raise validation(f"At most {UNIQUE_LIMIT} properties can have unique values", invented=True)
    delay = timedelta(seconds=portal.switches.property_delay)
    kept = replace(former, archived=False) if former else made
    schema.properties[made.name] = replace(kept, visible_at=portal.now() + delay)
    return Answer(201, _view(kept))


def update(portal: Portal, request: Request) -> Answer:
    """Update label, description, group or options (the list is replaced). `hasUniqueValue` is ignored."""
    schema, found, body = _schema(portal, request), _named(portal, request), reading.body(request)
    options = _options(body) if "options" in body else found.options
    changed = replace(
        found,
        label=reading.as_text(body.get("label", found.label), "label"),
        description=reading.as_text(body.get("description", found.description), "description"),
        group=_group_name(schema, body.get("groupName", found.group)),
        options=options,
    )
    schema.properties[found.name] = changed
    return Answer(200, _view(changed))


def archive(portal: Portal, request: Request) -> Answer:
    """Archive a property: 204. HubSpot's own properties cannot be archived."""
    schema, found = _schema(portal, request), _named(portal, request)
    if found.standard:
        raise validation(f"{found.name} is defined by HubSpot", invented=True)
    schema.properties[found.name] = replace(found, archived=True)
    return Answer(204)


def groups(portal: Portal, request: Request) -> Answer:
    return Answer(
        200, {"results": [_group_view(group) for group in _schema(portal, request).groups.values()]}
    )


def group(portal: Portal, request: Request) -> Answer:
    found = _schema(portal, request).groups.get(request.params["name"])
    if found is None:
        raise not_found()
    return Answer(200, _group_view(found))


def create_group(portal: Portal, request: Request) -> Answer:
    schema, body = _schema(portal, request), reading.body(request)
    made = Group(_name(body), reading.as_text(body.get("label"), "label"), _order(body))
    if made.name in schema.groups:
        raise _exists(made.name, "Properties.GROUP_WITH_NAME_EXISTS")
    schema.groups[made.name] = made
    return Answer(201, _group_view(made))


def _full(portal: Portal, schema: Schema) -> bool:
    if portal.switches.free_account:
        return sum(len(each.custom()) for each in portal.schemas.values()) >= FREE_LIMIT
    return len(schema.custom()) >= PAID_LIMIT


def _schema(portal: Portal, request: Request) -> Schema:
    return portal.schemas[Kind.named(request.params["kind"])]


def _named(portal: Portal, request: Request) -> Property:
    found = _schema(portal, request).find(request.params["name"], portal.now())
    if found is None:
        raise not_found()
    return found


def _property(schema: Schema, body: Json) -> Property:
    made = Property(
        name=_name(body),
        label=reading.as_text(body.get("label"), "label"),
        type=_one_of(TYPES, body, "type"),
        field_type=_one_of(FIELD_TYPES, body, "fieldType"),
        group=_group_name(schema, body.get("groupName")),
        options=_options(body),
        unique=body.get("hasUniqueValue") is True,
        description=reading.as_text(body.get("description") or "", "description"),
    )
    if made.type == "enumeration" and not made.options:
        raise validation("An enumeration needs options", invented=True)
    return made


def _name(body: Json) -> str:
    name = reading.as_text(body.get("name"), "name")
    if not NAME.fullmatch(name):
        raise validation("A name is lower-case letters, digits and underscores", invented=True)
    return name


def _one_of(allowed: tuple[str, ...], body: Json, key: str) -> str:
    value = reading.as_text(body.get(key), key)
    if value not in allowed:
        raise validation(f"{key} must be one of {', '.join(allowed)}", invented=True)
    return value


def _group_name(schema: Schema, value: object) -> str:
    name = reading.as_text(value, "groupName")
    if name not in schema.groups:
        raise validation(f"Property group {name} does not exist", invented=True)
    return name


def _options(body: Json) -> tuple[Option, ...]:
    raw = [
        reading.as_object(item, "options") for item in reading.as_list(body.get("options") or [], "options")
    ]
    made = tuple(
        Option(
            value=reading.as_text(item.get("value"), "options.value"),
            label=reading.as_text(item.get("label"), "options.label"),
            hidden=item.get("hidden") is True,
            display_order=_order(item),
        )
        for item in raw
    )
    if len({option.value for option in made}) != len(made):
        raise validation("Option values must be unique", invented=True)
    return made


def _order(body: Json) -> int:
    order = body.get("displayOrder", -1)
    return order if isinstance(order, int) else -1


def _exists(name: str, sub_category: str) -> Refusal:
    return Refusal(
        409,
        f"{name} already exists",
        category="OBJECT_ALREADY_EXISTS",
        extra={"subCategory": sub_category},
    )


def _view(found: Property) -> Json:
    return {
        "name": found.name,
        "label": found.label,
        "type": found.type,
        "fieldType": found.field_type,
        "description": found.description,
        "groupName": found.group,
        "options": [
            {
                "label": option.label,
                "value": option.value,
                "displayOrder": option.display_order,
                "hidden": option.hidden,
            }
            for option in found.options
        ],
        "displayOrder": -1,
        "calculated": False,
        "externalOptions": False,
        "archived": False,
        "hasUniqueValue": found.unique,
        "hidden": False,
        "hubspotDefined": found.standard,
        "formField": not found.read_only,
        "modificationMetadata": {
            "archivable": not found.standard,
            "readOnlyDefinition": found.standard,
            "readOnlyValue": found.read_only,
        },
    }


def _group_view(group: Group) -> Json:
    return {"name": group.name, "label": group.label, "displayOrder": group.display_order, "archived": False}
