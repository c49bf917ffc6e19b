"""Accepted is applied, each effect once: the check at the end of every case. Pure."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

SHOWN = 3


@dataclass(frozen=True, slots=True)
class Accepted:
    """What the visitors know: address by lead key, and addresses whose submit got no answer."""

    leads: Mapping[str, str]
    unsure: frozenset[str] = frozenset()

    @property
    def addresses(self) -> set[str]:
        return {address.lower() for address in self.leads.values()}


@dataclass(frozen=True, slots=True)
class Lead:
    """One lead in our database, with the last row of its queue."""

    key: str
    address: str
    qualified: bool
    status: str
    contact: str | None
    deal: str | None
    row: str
    cause: str = ""


@dataclass(frozen=True, slots=True)
class Account:
    """What HubSpot holds: contacts as (id, address), deals as (id, our key), links as (deal, contact)."""

    contacts: Collection[tuple[str, str]]
    deals: Collection[tuple[str, str]]
    links: Collection[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class History:
    """Both sides after a case. `failing` are the causes of leads that must fail, by key."""

    accepted: Accepted
    leads: Collection[Lead]
    account: Account
    failing: Mapping[str, str] = field(default_factory=dict)

    def complaints(self) -> list[str]:
        """In words, each with a few examples; none when every effect is there exactly once."""
        return [*self._ours(), *self._contacts(), *self._deals(), *self._links(), *self._rows()]

    @property
    def good(self) -> list[Lead]:
        return [lead for lead in self.leads if lead.key not in self.failing]

    def _ours(self) -> Iterator[str]:
        kept = {lead.key for lead in self.leads}
        yield from tell("accepted, but not in our database", set(self.accepted.leads) - kept)
        unsure = {address.lower() for address in self.accepted.unsure}
        strangers = {lead.key for lead in self.leads if lead.address.lower() not in unsure}
        yield from tell("in our database, but never accepted", strangers - set(self.accepted.leads))

    def _contacts(self) -> Iterator[str]:
        wanted = {lead.address.lower() for lead in self.good}
        found = Counter(address.lower() for _, address in self.account.contacts)
        yield from tell("lost contacts", wanted - set(found))
        yield from tell("contacts nobody asked for", set(found) - wanted)
        yield from tell("doubled contacts", more_than_once(found))

    def _deals(self) -> Iterator[str]:
        wanted = {lead.key for lead in self.good if lead.qualified}
        found = Counter(key for _, key in self.account.deals)
        yield from tell("lost deals", wanted - set(found))
        yield from tell("deals nobody asked for", set(found) - wanted)
        yield from tell("doubled deals", more_than_once(found))

    def _links(self) -> Iterator[str]:
        contacts = {address.lower(): id for id, address in self.account.contacts}
        deals = {key: id for id, key in self.account.deals}
        wanted = {
            (deals.get(lead.key, "?"), contacts.get(lead.address.lower(), "?"))
            for lead in self.good
            if lead.qualified
        }
        found = Counter(self.account.links)
        yield from tell("lost links", wanted - set(found))
        yield from tell("links nobody asked for", set(found) - wanted)
        yield from tell("doubled links", more_than_once(found))

    def _rows(self) -> Iterator[str]:
        contacts = {address.lower(): id for id, address in self.account.contacts}
        deals = {key: id for id, key in self.account.deals}
        good, bad = self.good, [lead for lead in self.leads if lead.key in self.failing]
        yield from tell("rows not done", (lead.key for lead in good if lead.row != "done"))
        yield from tell("leads not marked synced", (lead.key for lead in good if lead.status != "synced"))
        yield from tell(
            "leads with another contact than HubSpot's",
            (lead.key for lead in good if lead.contact != contacts.get(lead.address.lower())),
        )
        yield from tell(
            "leads with another deal than HubSpot's",
            (lead.key for lead in good if lead.qualified and lead.deal != deals.get(lead.key)),
        )
        yield from tell("bad leads not failed", (lead.key for lead in bad if not failed(lead)))
        yield from tell(
            "bad leads with another cause",
            (f"{lead.key} {lead.cause}" for lead in bad if lead.cause != self.failing[lead.key]),
        )


def failed(lead: Lead) -> bool:
    return (lead.row, lead.status) == ("failed", "failed")


def more_than_once(found: Mapping[str, int] | Mapping[tuple[str, str], int]) -> Iterable[object]:
    return [name for name, times in found.items() if times > 1]


def tell(what: str, which: Iterable[object]) -> Iterator[str]:
    found = sorted(map(str, which))
    if found:
        more = ", …" if len(found) > SHOWN else ""
        yield f"{len(found)} {what} ({', '.join(found[:SHOWN])}{more})"
