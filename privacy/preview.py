"""What another retention would clear, before anybody sets it."""

from collections.abc import Mapping
from dataclasses import dataclass

from privacy.retention import retained
from privacy.scrub import count_due


@dataclass(frozen=True, slots=True)
class Effect:
    """Rows of a table that a scrub would clear: with the settings as they are, and as proposed."""

    table: str
    now: int
    then: int

    def __str__(self) -> str:
        return f"{self.table} {self.then:,} rows instead of {self.now:,}"


def settings_of_retention() -> set[str]:
    """The run-time settings that say how long something is kept."""
    return {term.setting for _, _, term in retained() if term.setting}


def effects(proposed: Mapping[str, int]) -> list[Effect]:
    """The tables of which a scrub would clear other rows with these days, by setting. Changes nothing."""
    pairs = zip(count_due(thorough=False), count_due(proposed, thorough=False), strict=True)
    return [Effect(now.table, now.rows, then.rows) for now, then in pairs if now.rows != then.rows]
