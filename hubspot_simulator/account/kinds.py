"""The two object types that we sync, under every name that HubSpot accepts."""

from enum import StrEnum

from hubspot_simulator.wire.errors import Refusal


class Kind(StrEnum):
    CONTACT = "contacts"
    DEAL = "deals"

    @property
    def singular(self) -> str:
        return self.value[:-1]

    @property
    def code(self) -> str:
        return "0-1" if self is Kind.CONTACT else "0-3"

    @property
    def modified(self) -> str:
        """The property with the time of the last change, which each type names differently."""
        return "lastmodifieddate" if self is Kind.CONTACT else "hs_lastmodifieddate"

    @classmethod
    def named(cls, name: str) -> "Kind":
        """The type called `contacts`, `contact`, `CONTACT` or `0-1`. Raises Refusal 404 for others."""
        for kind in cls:
            if name.lower() in (kind.value, kind.singular, kind.code):
                return kind
        raise Refusal(404, f"Unable to infer object type from: {name}")
