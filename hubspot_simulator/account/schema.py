"""The properties of an object type: the standard ones, and those created through the API."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from hubspot_simulator.account.kinds import Kind

UNIQUE_LIMIT = 10  # unique properties per object type


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str
    hidden: bool = False
    display_order: int = -1


@dataclass(frozen=True, slots=True)
class Property:
    """`visible_at` is None for a property that always existed. `standard` properties are HubSpot's own."""

    name: str
    label: str
    type: str
    field_type: str
    group: str
    options: tuple[Option, ...] = ()
    unique: bool = False
    read_only: bool = False
    standard: bool = False
    description: str = ""
    visible_at: datetime | None = None
    archived: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    name: str
    label: str
    display_order: int = -1


@dataclass
class Schema:
    kind: Kind
    properties: dict[str, Property] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)

    def find(self, name: str, now: datetime) -> Property | None:
        """The property with that name once it is visible: a new one takes a moment."""
        found = self.properties.get(name)
        if found is None or found.archived or (found.visible_at is not None and found.visible_at > now):
            return None
        return found

    def visible(self, now: datetime) -> Iterator[Property]:
        return (found for found in self.properties.values() if self.find(found.name, now))

    def identifies(self, name: str) -> bool:
        """Whether this property can identify a record: `email`, or one created with hasUniqueValue."""
        if self.kind is Kind.CONTACT and name == "email":
            return True
        found = self.properties.get(name)
        return found is not None and found.unique and not found.archived

    def unique_names(self) -> list[str]:
        return [found.name for found in self.properties.values() if found.unique]

    def custom(self) -> list[Property]:
        return [found for found in self.properties.values() if not found.standard and not found.archived]
