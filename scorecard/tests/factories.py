"""Drafts for tests. Factories make single rows; `publishable_draft` makes a whole that publishes."""

# factory-boy annotates create(), but not its declarations:
# mypy: disable-error-code="no-untyped-call"

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone
from factory.declarations import LazyAttribute, LazyFunction, Sequence, SubFactory
from factory.django import DjangoModelFactory

from scorecard.definition import LEVELS, freeze
from scorecard.models import (
    Question,
    Questionnaire,
    Recommendation,
    ScheduledPublication,
    ScoreBand,
    Section,
    VisibilityRule,
)
from scorecard.tests.builders import BANDS, POINTS, four_areas


def options() -> list[dict[str, Any]]:
    return [
        {"id": id, "label": f"Answer {id}", "points": points}
        for id, points in zip("ABCDE", POINTS, strict=True)
    ]


class QuestionnaireFactory(DjangoModelFactory[Questionnaire]):
    class Meta:
        model = Questionnaire

    key = Sequence(lambda number: f"questionnaire_{number}")
    name = "How real is it?"
    description = "Sixteen questions."
    estimated_time = 8


class SectionFactory(DjangoModelFactory[Section]):
    class Meta:
        model = Section

    questionnaire = SubFactory(QuestionnaireFactory)
    key = Sequence(lambda number: f"section_{number}")
    name = "Value"
    description = "What it brings."
    weight = Decimal(1)
    order_index = Sequence(int)


class QuestionFactory(DjangoModelFactory[Question]):
    class Meta:
        model = Question

    section = SubFactory(SectionFactory)
    key = Sequence(lambda number: f"question_{number}")
    text = "How do you track it?"
    is_required = True
    order_index = Sequence(int)
    options = LazyFunction(options)


class RecommendationFactory(DjangoModelFactory[Recommendation]):
    class Meta:
        model = Recommendation

    section = SubFactory(SectionFactory)
    level = "high"
    title = "Start here"
    description = "It pays."
    action_items = LazyFunction(lambda: ["Name an owner."])


class ScoreBandFactory(DjangoModelFactory[ScoreBand]):
    class Meta:
        model = ScoreBand

    questionnaire = SubFactory(QuestionnaireFactory)
    key = Sequence(lambda number: f"band_{number}")
    name = "Builder"
    min_score = 0
    max_score = 100
    message = "You are on the way."
    next_steps = LazyFunction(lambda: ["Go on."])


class VisibilityRuleFactory(DjangoModelFactory[VisibilityRule]):
    class Meta:
        model = VisibilityRule

    question = SubFactory(QuestionFactory)
    condition = LazyFunction(lambda: {"field": "question_1", "operator": "eq", "value": "A"})
    action = "SHOW"
    target_question_ids = LazyAttribute(lambda rule: [rule.question.pk])


class ScheduledPublicationFactory(DjangoModelFactory[ScheduledPublication]):
    class Meta:
        model = ScheduledPublication

    questionnaire = SubFactory(QuestionnaireFactory)
    definition = LazyFunction(lambda: freeze(four_areas()))
    publish_at = LazyFunction(lambda: timezone.now() + timedelta(days=1))


def publishable_draft(key: str = "sample") -> Questionnaire:
    """Two areas, `first` (0.4) and `second` (0.6), two questions each: `first_1` ... `second_2`."""
    draft = QuestionnaireFactory.create(key=key)
    for section_key, weight in {"first": "0.4", "second": "0.6"}.items():
        section = SectionFactory.create(questionnaire=draft, key=section_key, weight=Decimal(weight))
        for number in (1, 2):
            QuestionFactory.create(section=section, key=f"{section_key}_{number}")
        for level in LEVELS:
            RecommendationFactory.create(section=section, level=level)
    for band_key, low, high in BANDS:
        ScoreBandFactory.create(questionnaire=draft, key=band_key, min_score=low, max_score=high)
    return draft
