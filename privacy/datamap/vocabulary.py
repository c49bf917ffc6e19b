"""Vocabulary of the data map: data classes, legal bases, recipients, clearing rules and retention."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from web import gettext_noop as _


class DataClass(StrEnum):
    """How personal the values of a column are."""

    PERSONAL = _("personal")  # identifies or contacts a person
    PSEUDONYMOUS = _("pseudonymous")  # identifies a person only with additional information
    ANSWER = _("answer")  # what a person chose, without who they are
    STAFF = _("staff")  # about people who work with the product
    PLAIN = _("not personal")


class Basis(StrEnum):
    """The legal basis, GDPR Art. 6(1), on which a table may store personal data."""

    REQUEST = _("steps at the person's own request, (b)")
    CONSENT = _("consent, (a)")
    DUTY = _("legal duty, (c)")
    INTEREST = _("legitimate interest, (f)")
    NONE = _("nothing of a person")


class Recipient(StrEnum):
    """A recipient of a value outside this database."""

    HUBSPOT = "HubSpot"
    MAIL = _("mail server")  # in mails to the data subject


class ClearingRule(StrEnum):
    """What the scrub does to a value past its retention."""

    KEEP = "keep"
    NULL = "set to NULL"
    BLANK = "set to empty text"
    EMPTY = "set to an empty object"  # JSON: all keys are removed; no index covers it
    LISTED = "keys that are not listed go"  # unlisted keys of a JSON object, see Column.keys
    TYPED = "typed answers go, choices stay"  # for a JSON object keyed by question
    TYPED_VALUE = "a typed answer goes, a choice stays"  # for the JSON answer to one question


BY_QUESTION = (ClearingRule.TYPED, ClearingRule.TYPED_VALUE)  # the question definitions classify the contents


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `keys` classify a JSON object by key; "*" stands for all other keys."""

    kind: DataClass
    rule: ClearingRule = ClearingRule.KEEP
    to: tuple[Recipient, ...] = ()
    keys: Mapping[str, DataClass] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Retention:
    """Rows are due when `clock` is older than the runtime setting allows, in the setting's unit.

    `clock` is a column, possibly of a related table: `assessment__created_at`.
    """

    clock: str
    setting: str | None = None  # None: due as soon as the clock has passed
    delete_row: bool = False
    longer_with: str | None = None  # rows with a value here are stored longer, at most like leads
    mark: str | None = None  # a column that records when the row was scrubbed
    mark_undelivered: str | None = None  # set when it was scrubbed before HubSpot confirmed it


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its purpose, legal basis and retention, and its columns by name."""

    purpose: str
    columns: Mapping[str, Column] = field(default_factory=dict)
    retention: Retention | None = None
    basis: Basis = Basis.NONE

    @property
    def scrubbed(self) -> dict[str, ClearingRule]:
        """Return the columns that are cleared entirely, with their rule; an index covers them."""
        whole = (ClearingRule.NULL, ClearingRule.BLANK)
        return {name: column.rule for name, column in self.columns.items() if column.rule in whole}

    @property
    def thinned(self) -> dict[str, ClearingRule]:
        """Return the JSON columns that are emptied or cleared in part, with their rule."""
        whole = (ClearingRule.KEEP, ClearingRule.NULL, ClearingRule.BLANK)
        return {name: column.rule for name, column in self.columns.items() if column.rule not in whole}
