"""What another retention would clear, before anybody sets it."""

from collections.abc import Mapping
from dataclasses import dataclass

from privacy.clearing.due import (
    NO_CHANGE,
    SESSIONS,
    database_now,
    retention_of,
    rows_past_retention,
    tables_with_retention,
)
from privacy.clearing.scrub import Cleared, count_due
from web.formatting import counted


@dataclass(frozen=True, slots=True)
class Effect:
    """Rows that the hourly jobs would clear of a table: with the settings as they are, and as proposed."""

    table: str
    now: int
    then: int

    def __str__(self) -> str:
        return f"{self.table} {counted(self.then, 'row')} instead of {self.now:,}"


def settings_of_retention() -> set[str]:
    """The run-time settings that say how long something is kept."""
    return {term.setting for _, _, term in tables_with_retention() if term.setting}


def effects(proposed: Mapping[str, int]) -> list[Effect]:
    """The tables of which other rows would be cleared with these days, by setting. Changes nothing."""
    pairs = zip(cleared_next(NO_CHANGE), cleared_next(proposed), strict=True)
    return [Effect(now.table, now.rows, then.rows) for now, then in pairs if now.rows != then.rows]


def more_cleared(proposed: Mapping[str, int]) -> list[Effect]:
    """The tables of which more rows would be cleared: what nobody should set without having read it."""
    return [effect for effect in effects(proposed) if effect.then > effect.now]


def cleared_next(proposed: Mapping[str, int]) -> list[Cleared]:
    """How many rows of each table the next run of the hourly jobs would clear."""
    sessions = rows_past_retention(SESSIONS, retention_of(SESSIONS), database_now(), proposed).count()
    return [*count_due(proposed, thorough=False), Cleared(SESSIONS, sessions)]
