"""Writes to one record: their effects, and why they are refused."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from hubspot_simulator.account import values
from hubspot_simulator.account.kinds import Kind
from hubspot_simulator.account.portal import Portal
from hubspot_simulator.account.schema import Property
from hubspot_simulator.account.store import Record, addresses
from hubspot_simulator.account.values import BadValue
from hubspot_simulator.rules import views
from hubspot_simulator.wire.errors import (
    Problem,
    Refusal,
    bad_properties,
    contact_exists,
    failure,
    validation,
)
from hubspot_simulator.wire.messages import Json

STRICT = "2026-09"  # the first version that enforces required properties, and that rounds dates


@dataclass(frozen=True, slots=True)
class Written:
    """`sent` are the properties in the request, which the answer shows. Only an upsert reports `new`."""

    record: Record
    sent: tuple[str, ...]
    new: bool | None = None
    warnings: tuple[Json, ...] = ()

    def view(self) -> Json:
        body = views.record(self.record, self.sent)
        body |= {} if self.new is None else {"new": self.new}
        return body | ({"warnings": list(self.warnings)} if self.warnings else {})


def create(portal: Portal, kind: Kind, sent: Mapping[str, str], *, version: str) -> Written:
    """Create a record. Raises Refusal 400 for bad values, 409 for a taken address."""
    now = portal.now()
    blank = Record(portal.new_id(), kind, {}, now, now)
    return _write(portal, blank, sent, version=version)


def update(portal: Portal, record: Record, sent: Mapping[str, str], *, version: str) -> Written:
    """Update the properties that were sent; an empty text clears one."""
    now, locked = portal.now(), timedelta(seconds=portal.switches.lock_seconds)
    if locked and now < record.updated_at + locked:
        raise failure(423)
    return _write(portal, replace(record, updated_at=now), sent, version=version)


def upsert(
    portal: Portal, kind: Kind, sent: Mapping[str, str], *, id_property: str, key: str, version: str
) -> Written:
    """Update the record that `key` identifies, or create it."""
    if not key:
        raise validation(f"{id_property} cannot be empty", invented=True)
    found = portal.store.owner(kind, id_property, key) or _restored(portal, kind, id_property, key)
    if found is None:
        return replace(create(portal, kind, {id_property: key, **sent}, version=version), new=True)
    address = sent.get("email", "").lower()
    if address in addresses(found)[1:] and portal.switches.secondary_email == "conflict":
        raise contact_exists(found.id)
    return replace(update(portal, found, sent, version=version), new=False)


def archive(portal: Portal, record: Record) -> None:
    portal.store.put(replace(record, archived_at=portal.now()))


def restore(portal: Portal, record: Record) -> None:
    """Restore an archived record. Raises Refusal when its unique values are taken by now."""
    restored = replace(record, archived_at=None)
    _check_unique(portal, restored)
    portal.store.put(restored)


def _write(portal: Portal, record: Record, sent: Mapping[str, str], *, version: str) -> Written:
    kept, warnings = _apply(portal, record, sent, version=version)
    if record.kind is Kind.DEAL:
        _check_stage(portal, kept)
    else:
        _promote(record, kept)
    if version == STRICT:
        _check_required(portal, record.kind, kept)
    written = replace(record, properties=kept)
    _check_unique(portal, written)
    portal.store.put(written)
    return Written(written, tuple(sent), warnings=tuple(warnings))


def _apply(
    portal: Portal, record: Record, sent: Mapping[str, str], *, version: str
) -> tuple[dict[str, str], list[Json]]:
    held, problems, warnings = dict(record.properties), list[Problem](), list[Json]()
    for name, text in sent.items():
        try:
            definition = _writable(portal, record.kind, name)
            kept = _kept(definition, text, record.get(name))
        except BadValue as bad:
            if version != STRICT or bad.code != "INVALID_DATE" or definition.type != "date":
                problems.append(Problem(name, bad.code, bad.message))
                continue
            kept = values.normalise(definition, text, lenient=True)
            warnings.append(_normalised(name, text, kept))
        held[name] = kept
    if problems:
        raise bad_properties(problems)
    return {name: text for name, text in held.items() if text}, warnings


def _writable(portal: Portal, kind: Kind, name: str) -> Property:
    definition = portal.schemas[kind].find(name, portal.now())
    if definition is None:
        raise BadValue("PROPERTY_DOESNT_EXIST", f'Property "{name}" does not exist')
    if definition.read_only:
        raise BadValue("READ_ONLY_VALUE", f'"{name}" is a read only property; its value cannot be set.')
    return definition


def _kept(definition: Property, text: str, current: str) -> str:
    if not text or definition.name in ("pipeline", "dealstage"):
        return text
    if definition.name == "email":
        return values.email(text)
    if definition.name == "hs_additional_emails":
        return ";".join(dict.fromkeys(values.email(part) for part in text.split(";") if part))
    kept = values.normalise(definition, text, current=current)
    return _forward(definition, current, kept) if definition.name == "lifecyclestage" else kept


def _forward(definition: Property, current: str, wanted: str) -> str:
    """A lifecycle stage never moves back: such a write is accepted and ignored."""
    order = [option.value for option in definition.options]
    return current if current and order.index(wanted) < order.index(current) else wanted


def _normalised(name: str, raw: str, kept: str) -> Json:
    return {
        "category": "PROPERTY_VALUE_NORMALIZED",
        "message": f"The value of {name} was normalized",
        "context": {"propertyName": name, "rawValue": raw, "normalizedValue": kept},
    }


def _check_stage(portal: Portal, held: dict[str, str]) -> None:
    """The stage must belong to the deal's pipeline. The error body is invented."""
    pipeline = portal.pipelines.get(held.setdefault("pipeline", "default"))
    if pipeline is None:
        raise _no_option("pipeline", held["pipeline"], list(portal.pipelines))
    if "dealstage" in held and not pipeline.has(held["dealstage"]):
        raise _no_option("dealstage", held["dealstage"], [stage.id for stage in pipeline.stages])


def _no_option(name: str, value: str, allowed: list[str]) -> Refusal:
    message = f"{value} was not one of the allowed options: [{', '.join(allowed)}]"
    refusal = bad_properties([Problem(name, "INVALID_OPTION", message)])
    refusal.invented = True
    return refusal


def _check_required(portal: Portal, kind: Kind, held: Mapping[str, str]) -> None:
    """Check the account's required properties: `contacts.company deals.amount`."""
    rules = [rule.partition(".") for rule in portal.switches.required_properties.split()]
    missing = [name for owner, _, name in rules if owner == kind and name not in held]
    if missing:
        raise bad_properties(
            [Problem(name, "MISSING_REQUIRED_PROPERTY", f"{name} is required") for name in missing]
        )


def _promote(record: Record, held: dict[str, str]) -> None:
    """Swap the primary address with the additional one that replaces it."""
    others = held.get("hs_additional_emails", "").split(";")
    if held.get("email") in others:
        others = [other for other in (record.get("email"), *others) if other and other != held.get("email")]
        held["hs_additional_emails"] = ";".join(dict.fromkeys(others))


def _check_unique(portal: Portal, record: Record) -> None:
    for address in addresses(record):
        holder = portal.store.owner(record.kind, "email", address)
        if holder is not None and holder.id != record.id:
            raise contact_exists(holder.id)
        if portal.store.is_blocked(address):
            raise validation("This address was erased and cannot be used again", invented=True)
    for name in portal.schemas[record.kind].unique_names():
        holder = portal.store.owner(record.kind, name, record.get(name))
        if holder is not None and holder.id != record.id:
            message = f"Cannot set {name} on {record.id}. {holder.id} already has that value."
            raise validation(message, conflict=True)


def _restored(portal: Portal, kind: Kind, id_property: str, key: str) -> Record | None:
    """Upsert on a value of an archived record: HubSpot's behaviour is unknown, so a switch chooses."""
    rule = portal.switches.archived_unique
    gone = portal.store.archived_owner(kind, id_property, key) if rule != "create" else None
    if gone is None:
        return None
    if rule == "conflict":
        raise Refusal(
            409, "An archived record holds this value", category="CONFLICT", conflict=True, invented=True
        )
    return replace(gone, archived_at=None)
