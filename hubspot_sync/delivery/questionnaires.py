"""Where the result of each questionnaire goes in HubSpot: two of one person do not overwrite each other.

The installation's own questionnaire (DEFAULT_QUESTIONNAIRE) has the properties of the settings. Another one
has those that it names: a prefix for its whole result, or single ones for score, category, areas and answers.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings

from assessments.qualification import LeadQuality
from assessments.results.transcript import answer_in_words
from hubspot_sync.delivery.mapping import NamedProperty, ResultProperties
from scorecard import versions
from scorecard.constraints import OF_PERSON
from scorecard.definition import Definition, Question

NUMBERS = frozenset({"NUMBER", "SCALE"})
OURS = "ai_"  # begins the name of a property that only we write; so does a questionnaire's own prefix


def is_own(definition: Definition) -> bool:
    """Whether this is the questionnaire to which the property names of the settings belong."""
    return definition.key == settings.DEFAULT_QUESTIONNAIRE


def result_properties(definition: Definition, usual: ResultProperties) -> ResultProperties:
    """The properties of a questionnaire. `usual`: those of the settings."""
    own = definition.hubspot
    known = usual if is_own(definition) else ResultProperties()
    if own.prefix:
        known = prefixed(definition, own.prefix)
    areas = {area.key: area.hubspot_property for area in definition.areas if area.hubspot_property}
    answers = {
        key: question.hubspot_property
        for key, question in definition.questions.items()
        if question.hubspot_property and question.hubspot_property not in OF_PERSON
    }
    ours = (OURS, f"{own.prefix}_") if own.prefix else (OURS,)
    return ResultProperties(
        score=own.score or known.score,
        category=own.category or known.category,
        date=known.date,
        seconds=known.seconds,
        quality=known.quality,
        areas={**known.areas, **own.areas, **areas},
        answers=answers,
        of_account=frozenset(name for name in answers.values() if not name.startswith(ours)),
    )


def prefixed(definition: Definition, prefix: str) -> ResultProperties:
    scored = [area.key for area in definition.areas if area.weight]
    return ResultProperties(
        score=f"{prefix}_score" if definition.has_score else "",
        category=f"{prefix}_category" if definition.has_score else "",
        date=f"{prefix}_date",
        seconds=f"{prefix}_completion_time",
        quality=f"{prefix}_lead_quality",
        areas={key: f"{prefix}_{key}_score" for key in scored},
    )


def answer_values(definition: Definition, answers: Mapping[str, Any]) -> dict[str, str]:
    """The answers that have a property: numbers and dates as they are, the others in words."""
    return {
        key: answer_value(question, answers[key])
        for key, question in definition.questions.items()
        if question.hubspot_property and key in answers
    }


def answer_value(question: Question, answer: Any) -> str:
    return str(answer) if question.type in NUMBERS else answer_in_words(question, answer)


def named_properties(usual: ResultProperties) -> Iterator[NamedProperty]:
    """The properties that live questionnaires name beside the usual ones, each once."""
    seen = set(usual.names)
    for key in versions.live_keys():
        definition = versions.current(key).definition
        for wanted in properties_of(definition, result_properties(definition, usual)):
            if wanted.name not in seen:
                seen.add(wanted.name)
                yield wanted


def properties_of(definition: Definition, into: ResultProperties) -> Iterator[NamedProperty]:
    found = [
        NamedProperty(into.score, "number"),
        NamedProperty(into.category),
        *(NamedProperty(name, "number") for name in into.areas.values()),
        NamedProperty(into.date, "date"),
        NamedProperty(into.seconds, "number"),
        NamedProperty(into.quality, values=tuple(quality.value for quality in LeadQuality)),
        *(answer_property(definition.questions[key], name) for key, name in into.answers.items()),
    ]
    yield from (each for each in found if each.name)


def answer_property(question: Question, name: str) -> NamedProperty:
    kind = "number" if question.type in NUMBERS else "date" if question.type == "DATE" else "string"
    values = tuple(option.label for option in question.options) if question.type == "SINGLE_CHOICE" else ()
    return NamedProperty(name, kind, values)


def lead_source_of(definition: Definition) -> str:
    """What a lead of this questionnaire has for its source: its own, the installation's, or its name."""
    if definition.hubspot.lead_source:
        return definition.hubspot.lead_source
    return (settings.HUBSPOT_LEAD_SOURCE if is_own(definition) else "") or definition.name
