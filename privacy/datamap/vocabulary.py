"""The words of the data map: what a column can tell, why we keep it, who gets it, what time does to it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class DataClass(StrEnum):
    """What a column can tell about a person."""

    PERSONAL = "personal"  # names or reaches a person
    PSEUDONYMOUS = "pseudonymous"  # leads to a person together with knowledge kept elsewhere
    ANSWER = "answer"  # what somebody chose, not who
    STAFF = "staff"  # about people who work with the product
    PLAIN = "not personal"


class Basis(StrEnum):
    """The ground in Article 6(1) of the GDPR on which a table may hold what it holds of a person."""

    REQUEST = "steps at the person's own request, (b)"
    CONSENT = "consent, (a)"
    DUTY = "legal duty, (c)"
    INTEREST = "legitimate interest, (f)"
    NONE = "nothing of a person"


class Recipient(StrEnum):
    """Who gets a value besides this database."""

    HUBSPOT = "HubSpot"
    MAIL = "mail server"  # in mails to the person herself


class ClearingRule(StrEnum):
    """What the scrub does to a value when its time is over."""

    KEEP = "keep"
    NULL = "set to NULL"
    BLANK = "set to empty text"
    EMPTY = "set to an empty object"  # JSON: nothing of it stays, and no index leads to it
    LISTED = "keys that are not listed go"  # of a JSON object, see Column.keys
    TYPED = "typed answers go, choices stay"  # of a JSON object by question
    TYPED_VALUE = "a typed answer goes, a choice stays"  # the JSON value of one question


BY_QUESTION = (ClearingRule.TYPED, ClearingRule.TYPED_VALUE)  # the questions classify what is inside


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `keys` classify a JSON object by its keys, "*" is every other one."""

    kind: DataClass
    rule: ClearingRule = ClearingRule.KEEP
    to: tuple[Recipient, ...] = ()
    keys: Mapping[str, DataClass] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Retention:
    """Rows are due when `clock` is further back than the run-time setting says, in its unit.

    `clock` is a column, of another table too: `assessment__created_at`.
    """

    clock: str
    setting: str | None = None  # None: due as soon as the clock has passed
    delete_row: bool = False
    longer_with: str | None = None  # only rows with a value here outlive the clock, as long as leads at most
    mark: str | None = None  # a column that remembers when the row was scrubbed
    mark_undelivered: str | None = None  # and one that it was scrubbed before HubSpot had it


@dataclass(frozen=True, slots=True)
class Table:
    purpose: str
    columns: Mapping[str, Column] = field(default_factory=dict)
    retention: Retention | None = None
    basis: Basis = Basis.NONE

    @property
    def scrubbed(self) -> dict[str, ClearingRule]:
        """The columns that lose their whole value, with the rule: an index leads to them."""
        whole = (ClearingRule.NULL, ClearingRule.BLANK)
        return {name: column.rule for name, column in self.columns.items() if column.rule in whole}

    @property
    def thinned(self) -> dict[str, ClearingRule]:
        """The JSON columns that lose a part of their value, with the rule."""
        whole = (ClearingRule.KEEP, ClearingRule.NULL, ClearingRule.BLANK)
        return {name: column.rule for name, column in self.columns.items() if column.rule not in whole}
