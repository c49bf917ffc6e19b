"""Semantic validation of a questionnaire before publishing."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import chain

from scorecard.adaptive.checks import references, rule_problems
from scorecard.definition import (
    LEVELS,
    SINGLE_CHOICE,
    Definition,
    Question,
    Recommendation,
    Section,
    freeze,
)
from scorecard.problems import Path, Problem, Words, problem_at
from scorecard.question_types import TYPES, InvalidAnswer
from scorecard.scoring import attainable
from scorecard.translation import is_storable, leaves, texts_by_path, translated_texts

Found = Iterator[tuple[Path, str]]


def publishing_problems(definition: Definition) -> list[Problem]:
    """Every problem that blocks publishing; [] for a valid questionnaire."""
    found = (
        *(
            _duplicate_keys(definition),
            _unknown_translations(definition),
            references(definition),
            rule_problems(definition),
        ),
        *(_questionnaire_problems(definition), _untranslated(definition)),
    )
    return _problems_at(definition, chain(*found))


def contradictions(definition: Definition) -> list[Problem]:
    """Problems that are rejected even in a draft: duplicate keys, references to what does not exist."""
    found = (
        _duplicate_keys(definition),
        _unknown_translations(definition),
        references(definition),
        rule_problems(definition),
    )
    return _problems_at(definition, chain(*found))


def missing_translations(definition: Definition) -> list[Problem]:
    """The texts that its translations lack."""
    return _problems_at(definition, _untranslated(definition))


def _problems_at(definition: Definition, found: Found) -> list[Problem]:
    document = freeze(definition)
    document["areas"] = document.get("shared_areas", [])  # as authors call them
    return [problem_at(document, path, text) for path, text in found]


def _duplicate_keys(definition: Definition) -> Found:
    sections = [(("sections", index), section) for index, section in enumerate(definition.sections)]
    questions = [
        ((*path, "questions", index), question)
        for path, section in sections
        for index, question in enumerate(section.questions)
    ]
    shared = [(("areas", index), area) for index, area in enumerate(definition.shared_areas)]
    yield from _duplicates([((*path, "key"), section.key) for path, section in [*sections, *shared]])
    yield from _duplicates([((*path, "key"), question.key) for path, question in questions])
    for path, question in questions:
        for part in ("options", "rows", "columns"):
            items = enumerate(getattr(question, part))
            yield from _duplicates([((*path, part, index, "id"), item.id) for index, item in items])
    bands = enumerate(definition.bands)
    yield from _duplicates([(("bands", index, "key"), band.key) for index, band in bands])


def _duplicates(keys: Iterable[tuple[Path, str]]) -> Found:
    seen: set[str] = set()
    for path, key in keys:
        if key in seen:
            yield path, Words("is there twice")
        seen.add(key)


def _unknown_translations(definition: Definition) -> Found:
    """Invalid texts of translations: without a counterpart, of the wrong type, or not storable."""
    own = texts_by_path(definition)
    for translation in definition.translations:
        here: Path = ("translations", translation.language)
        if translation.language == definition.language:
            yield here, Words("is the language of the questionnaire itself")
        for path, text in leaves(translation.texts):
            if path not in own:
                yield (*here, *path), Words("the questionnaire has no such text")
            elif text is not None and not isinstance(text, str):
                yield (*here, *path), Words("must be text")
            elif text and not is_storable(text):
                yield (*here, *path), Words("holds a character that cannot be stored")


def _untranslated(definition: Definition) -> Found:
    """Missing texts: a published translation must be complete."""
    own = texts_by_path(definition)
    for translation in definition.translations:
        said = translated_texts(translation.texts)
        here = ("translations", translation.language)
        yield from (((*here, *path), Words("is missing")) for path in own if path not in said)


def _questionnaire_problems(definition: Definition) -> Found:
    yield from _blank_texts((), name=definition.name, description=definition.description)
    if definition.estimated_time < 1:
        yield ("estimated_time",), Words("is missing: say how many minutes it takes")
    if not definition.sections:
        yield ("sections",), Words("there is none")
    elif definition.has_score:
        yield from _weight_problems(definition)
    for index, section in enumerate(definition.sections):
        yield from _section_problems(("sections", index), section, scored=definition.has_score)
    for index, area in enumerate(definition.shared_areas):
        yield from _blank_texts(("areas", index), name=area.name)
        if definition.has_score:
            yield from _area_recommendations(("areas", index), area)
    yield from _band_problems(definition)


def _weight_problems(definition: Definition) -> Found:
    whole = sum((area.weight for area in definition.areas), Decimal(0))
    if whole != 1:
        yield ("sections",), Words("the weights sum to %(sum)s, not to 1", sum=f"{whole.normalize():f}")
    sections = len(definition.sections)
    for number, area in enumerate(definition.areas):
        path: Path = ("sections", number) if number < sections else ("areas", number - sections)
        asked = any(is_scored(question) for question in area.questions)
        if not area.weight and any(question.scored for question in area.questions):
            yield (*path, "weight"), Words("must be more than 0: it has a scored question")
        elif not area.weight and any(_expects_points(question) for question in area.questions):
            yield (*path, "weight"), Words("must be more than 0")
        elif area.weight and area.questions and not asked:
            yield (*path, "questions"), Words("none is scored, so the area needs weight 0")


def _expects_points(question: Question) -> bool:
    """A single choice is scored unless the author says otherwise."""
    return question.scored is None and any(option.points is not None for option in question.options)


def is_scored(question: Question) -> bool:
    return question.scored is not False and (question.type == SINGLE_CHOICE or attainable(question) > 0)


def _section_problems(path: Path, section: Section, *, scored: bool) -> Found:
    yield from _blank_texts(path, name=section.name, description=section.description)
    if not section.questions:
        yield (*path, "questions"), Words("there is none")
    for index, question in enumerate(section.questions):
        yield from _question_problems(
            (*path, "questions", index), question, scored=scored and bool(section.weight)
        )
    if scored:
        yield from _area_recommendations(path, section)


def _area_recommendations(path: Path, area: Section) -> Found:
    """An area that is scored has a recommendation for each level."""
    if area.levels.high_under > area.levels.low_over + 1:
        yield (*path, "levels"), Words("high_under lies above low_over")
    written = {recommendation.level: recommendation for recommendation in area.recommendations}
    for level in LEVELS:
        if area.weight or level in written:
            yield from _recommendation_problems((*path, "recommendations", level), written.get(level))


def _question_problems(path: Path, question: Question, *, scored: bool) -> Found:
    yield from _blank_texts(path, text=question.text)
    if question.type not in TYPES:
        yield (*path, "type"), Words("the form cannot show %(type)s yet", type=question.type)
        return
    kind = TYPES[question.type]
    judged = question if scored or question.scored else replace(question, scored=False)
    for place, text in kind.problems(judged):
        yield (*path, *place), text
    if question.default is not None:
        yield from _answer_problems((*path, "default"), question, question.default)
    if question.suggested is not None:
        yield from _answer_problems((*path, "suggested", "value"), question, question.suggested.value)


def _answer_problems(path: Path, question: Question, answer: object) -> Found:
    """An answer that the author wrote must be one that a respondent could give."""
    try:
        TYPES[question.type].read(question, answer)
    except InvalidAnswer as wrong:
        yield path, Words("is no answer to this question: %(why)s", why=Words(wrong.words, **wrong.values))


def _recommendation_problems(path: Path, recommendation: Recommendation | None) -> Found:
    if recommendation is None:
        yield path, Words("is missing")
        return
    yield from _blank_texts(path, title=recommendation.title, description=recommendation.description)
    yield from _blank_lines((*path, "action_items"), recommendation.action_items)


def _band_problems(definition: Definition) -> Found:
    if not definition.bands:
        if any(area.weight for area in definition.areas):
            yield ("bands",), Words("there is none")
        return
    for index, band in enumerate(definition.bands):
        yield from _blank_texts(("bands", index), name=band.name, message=band.message)
        yield from _blank_lines(("bands", index, "next_steps"), band.next_steps)
    yield from _band_coverage(definition)


def _band_coverage(definition: Definition) -> Found:
    """Gaps and overlaps: every score from 0 to 100 must belong to exactly one band."""
    free = 0  # the lowest score not covered so far
    for index, band in sorted(enumerate(definition.bands), key=lambda item: item[1].min_score):
        if band.min_score > free:
            yield (
                ("bands", index, "min_score"),
                Words(
                    "leaves a gap: no band holds %(first)s to %(last)s", first=free, last=band.min_score - 1
                ),
            )
        if band.min_score < free:
            shared = min(free - 1, band.max_score)
            yield (
                ("bands", index, "min_score"),
                Words(
                    "overlaps: another band holds %(first)s to %(last)s", first=band.min_score, last=shared
                ),
            )
        free = max(free, band.max_score + 1)
    if free <= 100:
        yield ("bands",), Words("leave a gap: none holds %(first)s to 100", first=free)


def _blank_texts(path: Path, **texts: str) -> Found:
    yield from (((*path, name), Words("is blank")) for name, text in texts.items() if not text.strip())


def _blank_lines(path: Path, lines: tuple[str, ...]) -> Found:
    if not lines:
        yield path, Words("there is none")
    yield from (((*path, index), Words("is blank")) for index, line in enumerate(lines) if not line.strip())
