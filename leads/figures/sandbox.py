"""Replay past answers with the draft of a questionnaire: who would move where, how many would qualify.

Nothing is written. Scrubbed assessments take part: their choices stay, and the depth of their contact.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from assessments.models import Assessment
from assessments.qualification import Contact, LeadQuality, lead_quality
from scorecard import versions
from scorecard.content.documents import check_document
from scorecard.content.drafts import draft_document
from scorecard.definition import Definition
from scorecard.models import Questionnaire
from scorecard.scoring import score
from web.databases.replica import may_lag

MOST = 2_000  # newest assessments; each is scored twice, so they take about a second
# What a contact that is as deep as this has at least: see Contact.depth.
CONTACTS = (
    Contact(),
    Contact(email="a"),
    Contact(email="a", first_name="b", last_name="c"),
    Contact(email="a", first_name="b", last_name="c", company="d"),
    Contact(email="a", first_name="b", last_name="c", company="d", phone="e"),
)


@dataclass(slots=True)
class Replay:
    """Counts by category and of moves; `qualified` and totals before and after."""

    replayed: int = 0
    moves: Counter[tuple[str, str]] = field(default_factory=Counter)
    before: Counter[str] = field(default_factory=Counter)
    after: Counter[str] = field(default_factory=Counter)
    qualified_before: int = 0
    qualified_after: int = 0
    total_before: int = 0
    total_after: int = 0

    @property
    def moved(self) -> int:
        return sum(count for (old, new), count in self.moves.items() if old != new)

    def mean(self, total: int) -> float | None:
        return round(total / self.replayed, 1) if self.replayed else None


@dataclass(frozen=True, slots=True)
class Judged:
    total: int
    category: str
    qualified: bool


def draft_definition(questionnaire: Questionnaire) -> Definition:
    """The draft as a definition. Raises QuestionnaireErrors where it does not match the schema."""
    return check_document(draft_document(questionnaire)).definition()


def judge(definition: Definition, answers: Mapping[str, Any], depth: int) -> Judged:
    scored = score(definition, answers)
    quality = lead_quality(CONTACTS[depth], scored.total, definition.qualification, answers)
    return Judged(scored.total, scored.category, quality == LeadQuality.EXECUTIVE_BRIEFING_QUALIFIED)


def replay(draft: Definition, current: Definition, past: Iterable[tuple[Mapping[str, Any], int]]) -> Replay:
    """Score each (answers, depth of contact) with both. Pure."""
    found = Replay()
    for answers, depth in past:
        old, new = judge(current, answers, depth), judge(draft, answers, depth)
        found.replayed += 1
        found.moves[old.category, new.category] += 1
        found.before[old.category] += 1
        found.after[new.category] += 1
        found.qualified_before += old.qualified
        found.qualified_after += new.qualified
        found.total_before += old.total
        found.total_after += new.total
    return found


@may_lag
def past_answers(questionnaire: Questionnaire) -> list[tuple[Mapping[str, Any], int]]:
    """The answers of its newest finished assessments, with the depth of contact. One query."""
    finished = Assessment.objects.completed().filter(version__questionnaire=questionnaire, doubts=[])
    rows = finished.order_by("-completed_at").values_list("responses", "contact_depth")
    return list(rows[:MOST])


def replay_draft(questionnaire: Questionnaire) -> tuple[Replay, Definition, Definition]:
    """Replay the newest assessments with the draft and the published version; return both definitions too.

    Raises QuestionnaireErrors, NothingPublished.
    """
    draft, current = draft_definition(questionnaire), versions.current(questionnaire.key).definition
    return replay(draft, current, past_answers(questionnaire)), draft, current
