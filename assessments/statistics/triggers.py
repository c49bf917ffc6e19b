"""Database triggers that update the daily figures in the transaction that changes an assessment.

`figures_of_run` (a database function, from the migrations) returns the cells of `daily_figures` in which an
assessment counts: only `marked` for one with doubts, which is in no other figure. Deleting an assessment
changes nothing, so a purge changes no chart. `figures_of_answer` does the same for seed 002's object of an
answer: once under `answer`, and under `chosen` each of several options, each row of a matrix, and a number.
"""

from pathlib import Path

import pgtrigger

SQL = Path(__file__).parent / "sql"

# Not `utm`: it is set at the start, and a scrub that clears it must not move the assessment elsewhere.
COUNTED = (
    "created_at",
    "completed_at",
    "score_category",
    "total_score",
    "completion_time_seconds",
    "lead_quality",
    "qualified_for_briefing",
    "contact_depth",
    "doubts",
    "hubspot_sync_status",
    "referrer_source",
    "ab_test_variant",
    "variants",
)


def trigger_body(name: str) -> str:
    """The statements of an `.sql` file without its header, which is no part of the trigger."""
    lines = (SQL / f"{name}.sql").read_text().splitlines()
    return "\n".join(["", *(line for line in lines if not line.startswith("--")), ""])


class CountStart(pgtrigger.Trigger):
    name = "count_start"
    when = pgtrigger.After
    operation = pgtrigger.Insert
    func = trigger_body("count_start")


class CountChange(pgtrigger.Trigger):
    """Fires only when a counted column changes: a scrub of a million rows recounts nothing."""

    name = "count_change"
    when = pgtrigger.After
    operation = pgtrigger.Update
    condition = pgtrigger.AnyChange(*COUNTED)
    func = trigger_body("count_change")


class CountAnswers(pgtrigger.Trigger):
    """Fires once per statement. An answer without an option counts as answered, never by its text."""

    name = "count_answers"
    level = pgtrigger.Statement
    when = pgtrigger.After
    operation = pgtrigger.Insert
    referencing = pgtrigger.Referencing(new="fresh")  # type: ignore[no-untyped-call]  # pgtrigger's own
    func = trigger_body("count_answers")
