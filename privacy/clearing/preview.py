"""Preview the effect of a changed retention before it is saved."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import ngettext

from privacy.clearing.due import NO_CHANGE, SESSIONS, retention_of, rows_past_retention, tables_with_retention
from privacy.clearing.scrub import Cleared, count_due
from queues.database_clock import database_now


@dataclass(frozen=True, slots=True)
class Effect:
    """The rows of a table that the hourly jobs would clear: with current settings, and with proposed ones."""

    table: str
    now: int
    then: int

    def __str__(self) -> str:
        words = ngettext(
            "%(table)s %(rows)s row instead of %(now)s",
            "%(table)s %(rows)s rows instead of %(now)s",
            self.then,
        )
        rows, now = (number_format(number, force_grouping=True) for number in (self.then, self.now))
        return words % {"table": self.table, "rows": rows, "now": now}


def settings_of_retention() -> set[str]:
    """Return the names of the runtime settings that define a retention."""
    return {term.setting for _, _, term in tables_with_retention() if term.setting}


def retention_effects(proposed: Mapping[str, int]) -> list[Effect]:
    """Return the tables for which the proposed days, by setting, change the rows cleared. Read-only."""
    pairs = zip(cleared_next(NO_CHANGE), cleared_next(proposed), strict=True)
    return [Effect(now.table, now.rows, then.rows) for now, then in pairs if now.rows != then.rows]


def more_cleared(proposed: Mapping[str, int]) -> list[Effect]:
    """Return the tables of which more rows would be cleared, for a warning before saving."""
    return [effect for effect in retention_effects(proposed) if effect.then > effect.now]


def cleared_next(proposed: Mapping[str, int]) -> list[Cleared]:
    """Count the rows per table that the next hourly jobs would clear."""
    sessions = rows_past_retention(SESSIONS, retention_of(SESSIONS), database_now(), proposed).count()
    return [*count_due(proposed, thorough=False), Cleared(SESSIONS, sessions)]
