"""The records and associations of one account, its unique values, and rollback of refused calls.

Every change goes through `put`, `remove`, `link` or `unlink`, which record how to undo it. Records are
immutable values: a change replaces one.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from hubspot_simulator.account.kinds import Kind
from hubspot_simulator.account.schema import Schema

Identity = tuple[Kind, str, str]
Link = tuple[str, str]  # deal id, contact id


@dataclass(frozen=True, slots=True)
class Record:
    id: str
    kind: Kind
    properties: Mapping[str, str]
    created_at: datetime
    updated_at: datetime
    archived_at: datetime | None = None

    @property
    def live(self) -> bool:
        return self.archived_at is None

    def get(self, name: str) -> str:
        return self.properties.get(name, "")


@dataclass
class Store:
    """Not thread-safe: the caller must hold the portal's lock."""

    schemas: Mapping[Kind, Schema]
    records: dict[Kind, dict[str, Record]] = field(default_factory=lambda: {kind: {} for kind in Kind})
    links: dict[Link, None] = field(default_factory=dict)
    merged: dict[str, str] = field(default_factory=dict)  # id of a merged record -> id of its survivor
    blocked: set[str] = field(default_factory=set)  # hashes of erased addresses
    previous: dict[str, Record] = field(default_factory=dict)  # each record before its last change
    _neighbours: dict[str, dict[str, None]] = field(default_factory=dict)
    _owners: dict[Identity, str] = field(default_factory=dict)
    _undo: list[Callable[[], object]] | None = None  # the undo log; None outside a transaction

    def contacts(self) -> list[Record]:
        return self.live(Kind.CONTACT)

    def deals(self) -> list[Record]:
        return self.live(Kind.DEAL)

    def live(self, kind: Kind) -> list[Record]:
        return [record for record in self.records[kind].values() if record.live]

    def live_links(self) -> list[Link]:
        """Associations between live records: those of an archived record are hidden."""
        return [
            link for link in self.links if self.get(Kind.DEAL, link[0]) and self.get(Kind.CONTACT, link[1])
        ]

    def get(self, kind: Kind, id: str) -> Record | None:
        """The live record with that id, or the survivor of its merge."""
        record = self.records[kind].get(self.merged.get(id, id))
        return record if record is not None and record.live else None

    def owner(self, kind: Kind, name: str, value: str) -> Record | None:
        """The live record with this unique value; addresses are compared case-insensitively."""
        id = self._owners.get((kind, name, value.lower() if name == "email" else value))
        return None if id is None else self.get(kind, id)

    def archived(self, kind: Kind, id: str) -> Record | None:
        record = self.records[kind].get(id)
        return record if record is not None and not record.live else None

    def archived_owner(self, kind: Kind, name: str, value: str) -> Record | None:
        gone = (record for record in self.records[kind].values() if not record.live)
        return next((record for record in gone if record.get(name) == value), None)

    def put(self, record: Record) -> None:
        before = self.records[record.kind].get(record.id)
        if before is not None:
            self.previous[record.id] = before
        self._set(record.kind, record.id, record)

    def remove(self, record: Record) -> None:
        self.previous.pop(record.id, None)
        self._set(record.kind, record.id, None)
        for id in self.neighbours(record.id):
            self.unlink((record.id, id) if record.kind is Kind.DEAL else (id, record.id))

    def link(self, link: Link) -> None:
        if link not in self.links:
            self._join(link)
            self._note(partial(self._part, link))

    def unlink(self, link: Link) -> None:
        if link in self.links:
            self._part(link)
            self._note(partial(self._join, link))

    def neighbours(self, id: str) -> list[str]:
        """The ids associated with a record, archived ones included, oldest association first."""
        return list(self._neighbours.get(id, ()))

    def redirect(self, former: str, survivor: str) -> None:
        """Redirect a merged id, and all ids that led to it, to its survivor. Not undone by a rollback."""
        for id in [former, *(id for id, target in self.merged.items() if target == former)]:
            if id != survivor:
                self.merged[id] = survivor

    def block(self, address: str) -> None:
        self.blocked.add(_digest(address))

    def is_blocked(self, address: str) -> bool:
        return _digest(address) in self.blocked

    def clear(self) -> None:
        for table in self.records.values():
            table.clear()
        for kept in (self.links, self.merged, self.blocked, self.previous, self._neighbours, self._owners):
            kept.clear()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit every change made inside, or roll all of them back on an exception. Nests."""
        outer, self._undo = self._undo, []
        try:
            yield
        except BaseException:
            for take_back in reversed(self._undo):
                take_back()
            self._undo = outer
            raise
        if outer is not None:
            outer += self._undo
        self._undo = outer

    def _note(self, take_back: Callable[[], object]) -> None:
        if self._undo is not None:
            self._undo.append(take_back)

    def _join(self, link: Link) -> None:
        self.links[link] = None
        for one, another in (link, link[::-1]):
            self._neighbours.setdefault(one, {})[another] = None

    def _part(self, link: Link) -> None:
        del self.links[link]
        for one, another in (link, link[::-1]):
            self._neighbours[one].pop(another, None)

    def _set(self, kind: Kind, id: str, record: Record | None) -> None:
        before = self._swap(kind, id, record)
        self._note(partial(self._swap, kind, id, before))

    def _swap(self, kind: Kind, id: str, record: Record | None) -> Record | None:
        before = self.records[kind].pop(id, None) if record is None else self.records[kind].get(id)
        for identity in self._identities(before):
            self._owners.pop(identity, None)
        if record is not None:
            self.records[kind][id] = record
        self._owners.update(dict.fromkeys(self._identities(record), id))
        return before

    def _identities(self, record: Record | None) -> list[Identity]:
        if record is None or not record.live:
            return []
        named = [(name, record.get(name)) for name in self.schemas[record.kind].unique_names()]
        named += [("email", address) for address in addresses(record)]
        return [(record.kind, name, value) for name, value in named if value]


def addresses(record: Record) -> list[str]:
    """The primary address and then the additional ones, in lower case."""
    if record.kind is not Kind.CONTACT:
        return []
    return [part for part in (record.get("email"), *record.get("hs_additional_emails").split(";")) if part]


def _digest(address: str) -> str:
    return hashlib.sha256(address.lower().encode()).hexdigest()
