"""What to say first: one recommendation for each area, chosen by its score, the most urgent on top."""

from collections.abc import Mapping

from scorecard.definition import Definition, Recommendation


def recommend(definition: Definition, areas: Mapping[str, int]) -> tuple[Recommendation, ...]:
    """The recommendations for `areas` (section key -> 0-100).

    The lowest score comes first, so high priority precedes medium and low; of equal scores the heavier
    area precedes, then the earlier one.
    """
    scored = [section for section in definition.sections if section.key in areas]
    scored.sort(key=lambda section: (areas[section.key], -section.weight))
    return tuple(
        recommendation
        for section in scored
        for recommendation in section.recommendations
        if recommendation.level == level(areas[section.key])
    )


def level(score: int) -> str:
    """The priority of an area that scored 0-100: under 50 high, 50 to 70 medium, over 70 low."""
    if score < 50:
        return "high"
    return "medium" if score <= 70 else "low"
