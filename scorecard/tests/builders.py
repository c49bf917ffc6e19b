"""Small definitions for tests of the pure rules."""

from collections.abc import Sequence
from decimal import Decimal

from scorecard.definition import (
    LEVELS,
    SINGLE_CHOICE,
    Band,
    Definition,
    Option,
    Question,
    Recommendation,
    Section,
)

POINTS = (25, 15, 10, 5, 0)
BANDS = (
    ("crisis", 0, 19),
    ("alert", 20, 39),
    ("risk_zone", 40, 59),
    ("builder", 60, 79),
    ("champion", 80, 100),
)


def question(key: str, points: Sequence[int | None] = POINTS) -> Question:
    """A single choice whose options A, B, C ... are worth `points`."""
    options = tuple(
        Option(id=id, label=f"Answer {id}", description="", points=worth)
        for id, worth in zip("ABCDEFGH", points, strict=False)
    )
    return Question(
        key=key,
        text=f"What about {key}?",
        help_text="",
        explanation="",
        type=SINGLE_CHOICE,
        is_required=True,
        options=options,
    )


def section(key: str, *questions: Question, weight: str = "1") -> Section:
    return Section(
        key=key,
        name=key.title(),
        description="About it.",
        weight=Decimal(weight),
        questions=questions,
        recommendations=tuple(recommendation(key, level) for level in LEVELS),
    )


def recommendation(section: str, level: str) -> Recommendation:
    return Recommendation(
        section=section,
        level=level,
        title=f"{section}: {level}",
        description="Do it.",
        action_items=("Now.",),
    )


def definition(*sections: Section) -> Definition:
    bands = tuple(
        Band(key=key, name=key.title(), min_score=low, max_score=high, message="So.", next_steps=("Go.",))
        for key, low, high in BANDS
    )
    return Definition(
        key="sample",
        name="Sample",
        description="A sample.",
        estimated_time=8,
        sections=sections,
        bands=bands,
    )


def four_areas() -> Definition:
    """The shape of a real scorecard: four areas of unequal weight, four questions each."""
    weights = {"north": "0.25", "east": "0.35", "south": "0.25", "west": "0.15"}
    return definition(
        *(
            section(key, *(question(f"{key}_{number}") for number in range(1, 5)), weight=weight)
            for key, weight in weights.items()
        )
    )
