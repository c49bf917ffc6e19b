"""A sample result for the landing page, computed from the questionnaire: it shows what one really gets."""

from datetime import UTC, datetime

from assessments.results.result import Result, computed_result
from scorecard.definition import SINGLE_CHOICE, Definition, Question
from scorecard.scoring import score

PATTERN = (1, 0, 2, 1, 0, 3, 0)  # how far from the best answer, question by question
ANY_DAY = datetime(2026, 1, 1, tzinfo=UTC)


def sample_result(definition: Definition) -> Result | None:
    """The result of somebody who answered well here and badly there; None without a score. Computed once."""
    if not definition.has_score:
        return None
    known: Result | None = definition.memo.get("sample")
    if known is None:
        known = definition.memo["sample"] = computed_sample(definition)
    return known


def computed_sample(definition: Definition) -> Result:
    asked = [question for question in definition.questions.values() if question.type == SINGLE_CHOICE]
    answers = {
        question.key: sample_answer(question, PATTERN[at % len(PATTERN)]) for at, question in enumerate(asked)
    }
    scored = score(definition, answers)
    return computed_result(
        definition,
        answers,
        completed_at=ANY_DAY,
        total=scored.total,
        scores=scored.areas,
        category=scored.category,
        way_up=None,
    )


def sample_answer(question: Question, from_best: int) -> str:
    """The id of an option, so many places from the one with the most points."""
    known = [option for option in question.options if not option.unknown]
    best_first = sorted(known, key=lambda option: -(option.points or 0))
    return best_first[min(from_best, len(best_first) - 1)].id
