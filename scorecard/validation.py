"""Semantic validation of a questionnaire before publishing."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import chain

from scorecard.definition import (
    LEVELS,
    SINGLE_CHOICE,
    Definition,
    Option,
    Question,
    Recommendation,
    Section,
    freeze,
)
from scorecard.problems import Path, Problem, problem
from scorecard.translation import leaves, storable, texts, written

Found = Iterator[tuple[Path, str]]


def problems(definition: Definition) -> list[Problem]:
    """Every problem that blocks publishing; [] for a valid questionnaire."""
    found = (
        _duplicate_keys(definition),
        _unknown_translations(definition),
        _questionnaire_problems(definition),
        _missing_translations(definition),
    )
    return _problems_at(definition, chain(*found))


def contradictions(definition: Definition) -> list[Problem]:
    """Problems that are rejected even in a draft: duplicate keys, translations of nonexistent texts."""
    return _problems_at(definition, chain(_duplicate_keys(definition), _unknown_translations(definition)))


def missing_translations(definition: Definition) -> list[Problem]:
    """The texts that its translations lack."""
    return _problems_at(definition, _missing_translations(definition))


def _problems_at(definition: Definition, found: Found) -> list[Problem]:
    document = freeze(definition)
    return [problem(document, path, text) for path, text in found]


def _duplicate_keys(definition: Definition) -> Found:
    sections = [(("sections", index), section) for index, section in enumerate(definition.sections)]
    questions = [
        ((*path, "questions", index), question)
        for path, section in sections
        for index, question in enumerate(section.questions)
    ]
    yield from _duplicates([((*path, "key"), section.key) for path, section in sections])
    yield from _duplicates([((*path, "key"), question.key) for path, question in questions])
    for path, question in questions:
        options = enumerate(question.options)
        yield from _duplicates([((*path, "options", index, "id"), option.id) for index, option in options])
    bands = enumerate(definition.bands)
    yield from _duplicates([(("bands", index, "key"), band.key) for index, band in bands])


def _duplicates(keys: Iterable[tuple[Path, str]]) -> Found:
    seen: set[str] = set()
    for path, key in keys:
        if key in seen:
            yield path, "is there twice"
        seen.add(key)


def _unknown_translations(definition: Definition) -> Found:
    """Invalid texts of translations: without a counterpart, of the wrong type, or not storable."""
    own = texts(definition)
    for translation in definition.translations:
        here: Path = ("translations", translation.language)
        if translation.language == definition.language:
            yield here, "is the language of the questionnaire itself"
        for path, text in leaves(translation.texts):
            if path not in own:
                yield (*here, *path), "the questionnaire has no such text"
            elif text is not None and not isinstance(text, str):
                yield (*here, *path), "must be text"
            elif text and not storable(text):
                yield (*here, *path), "holds a character that cannot be stored"


def _missing_translations(definition: Definition) -> Found:
    """Missing texts: a published translation must be complete."""
    own = texts(definition)
    for translation in definition.translations:
        said = written(translation.texts)
        here = ("translations", translation.language)
        yield from (((*here, *path), "is missing") for path in own if path not in said)


def _questionnaire_problems(definition: Definition) -> Found:
    yield from _blank_texts((), name=definition.name, description=definition.description)
    if definition.estimated_time < 1:
        yield ("estimated_time",), "is missing: say how many minutes it takes"
    if not definition.sections:
        yield ("sections",), "there is none"
    elif (whole := sum((section.weight for section in definition.sections), Decimal(0))) != 1:
        yield ("sections",), f"the weights sum to {whole.normalize():f}, not to 1"
    for index, section in enumerate(definition.sections):
        yield from _section_problems(("sections", index), section)
    yield from _band_problems(definition)


def _section_problems(path: Path, section: Section) -> Found:
    yield from _blank_texts(path, name=section.name, description=section.description)
    if section.weight <= 0:
        yield (*path, "weight"), "must be more than 0"
    if not section.questions:
        yield (*path, "questions"), "there is none"
    for index, question in enumerate(section.questions):
        yield from _question_problems((*path, "questions", index), question)
    written = {recommendation.level: recommendation for recommendation in section.recommendations}
    for level in LEVELS:
        yield from _recommendation_problems((*path, "recommendations", level), written.get(level))


def _question_problems(path: Path, question: Question) -> Found:
    yield from _blank_texts(path, text=question.text)
    if question.type != SINGLE_CHOICE:
        yield (*path, "type"), f"the form cannot show {question.type} yet, only {SINGLE_CHOICE}"
        return
    if not question.options:
        yield (*path, "options"), "there is none"
    elif not question.attainable:
        yield (*path, "options"), "none is worth any points"
    for index, option in enumerate(question.options):
        yield from _option_problems((*path, "options", index), option)


def _option_problems(path: Path, option: Option) -> Found:
    yield from _blank_texts(path, label=option.label)
    if option.points is None:
        yield (*path, "points"), "is missing"


def _recommendation_problems(path: Path, recommendation: Recommendation | None) -> Found:
    if recommendation is None:
        yield path, "is missing"
        return
    yield from _blank_texts(path, title=recommendation.title, description=recommendation.description)
    yield from _blank_lines((*path, "action_items"), recommendation.action_items)


def _band_problems(definition: Definition) -> Found:
    if not definition.bands:
        yield ("bands",), "there is none"
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
            yield ("bands", index, "min_score"), f"leaves a gap: no band holds {free} to {band.min_score - 1}"
        if band.min_score < free:
            shared = min(free - 1, band.max_score)
            yield ("bands", index, "min_score"), f"overlaps: another band holds {band.min_score} to {shared}"
        free = max(free, band.max_score + 1)
    if free <= 100:
        yield ("bands",), f"leave a gap: none holds {free} to 100"


def _blank_texts(path: Path, **texts: str) -> Found:
    yield from (((*path, name), "is blank") for name, text in texts.items() if not text.strip())


def _blank_lines(path: Path, lines: tuple[str, ...]) -> Found:
    if not lines:
        yield path, "there is none"
    yield from (((*path, index), "is blank") for index, line in enumerate(lines) if not line.strip())
