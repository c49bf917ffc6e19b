"""Translations of a questionnaire. Pure: only texts differ, so scores do not depend on the language."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from scorecard.definition import Band, Definition, Option, Question, Recommendation, Section
from scorecard.problems import Path

Say = Callable[[Path, str], str]  # (path, current text) -> new text


def texts(definition: Definition) -> dict[Path, str]:
    """Map path to text for every visible text of the form, in its order, without blank ones."""
    found: dict[Path, str] = {}

    def note(path: Path, text: str) -> str:
        if text.strip():
            found[path] = text
        return text

    reworded(definition, note)
    return found


def translated(definition: Definition, tree: Mapping[str, Any], language: str) -> Definition:
    """The definition translated with the texts of `tree`, falling back to its own texts."""
    return replace(reworded(definition, written(tree).get), language=language)


def written(tree: Mapping[str, Any]) -> dict[Path, str]:
    """Map path to text for a translation, without blank texts."""
    return {path: text.strip() for path, text in leaves(tree) if isinstance(text, str) and text.strip()}


def leaves(tree: object, path: Path = ()) -> Iterator[tuple[Path, object]]:
    """Yield (path, leaf) for each leaf of a tree of mappings and lists."""
    if isinstance(tree, Mapping):
        for key, branch in tree.items():
            yield from leaves(branch, (*path, key))
    elif isinstance(tree, list):
        for number, branch in enumerate(tree):
            yield from leaves(branch, (*path, number))
    else:
        yield path, tree


def storable(text: str) -> bool:
    """Whether the text can be stored: no lone surrogate, no control character except newline and tab."""
    return not any((ord(one) < 32 and one not in "\n\t") or "\ud800" <= one <= "\udfff" for one in text)


def reworded(definition: Definition, say: Say) -> Definition:
    """A copy of the definition with each text replaced by the result of `say`."""
    return replace(
        definition,
        name=say(("name",), definition.name),
        description=say(("description",), definition.description),
        sections=tuple(_reword_section(("sections", item.key), item, say) for item in definition.sections),
        bands=tuple(_reword_band(("bands", item.key), item, say) for item in definition.bands),
    )


def _reword_section(path: Path, section: Section, say: Say) -> Section:
    advice = section.recommendations
    return replace(
        section,
        name=say((*path, "name"), section.name),
        description=say((*path, "description"), section.description),
        questions=tuple(
            _reword_question((*path, "questions", item.key), item, say) for item in section.questions
        ),
        recommendations=tuple(
            _reword_recommendation((*path, "recommendations", item.level), item, say) for item in advice
        ),
    )


def _reword_question(path: Path, question: Question, say: Say) -> Question:
    return replace(
        question,
        text=say((*path, "text"), question.text),
        help_text=say((*path, "help_text"), question.help_text),
        explanation=say((*path, "explanation"), question.explanation),
        options=tuple(_reword_option(path, option, say) for option in question.options),
    )


def _reword_option(path: Path, option: Option, say: Say) -> Option:
    """The option with its texts replaced: `options: {A: ...}` is the label, descriptions are separate."""
    return replace(
        option,
        label=say((*path, "options", option.id), option.label),
        description=say((*path, "descriptions", option.id), option.description),
    )


def _reword_recommendation(path: Path, recommendation: Recommendation, say: Say) -> Recommendation:
    return replace(
        recommendation,
        title=say((*path, "title"), recommendation.title),
        description=say((*path, "description"), recommendation.description),
        action_items=_reword_lines((*path, "action_items"), recommendation.action_items, say),
    )


def _reword_band(path: Path, band: Band, say: Say) -> Band:
    return replace(
        band,
        name=say((*path, "name"), band.name),
        message=say((*path, "message"), band.message),
        next_steps=_reword_lines((*path, "next_steps"), band.next_steps, say),
    )


def _reword_lines(path: Path, lines: tuple[str, ...], say: Say) -> tuple[str, ...]:
    return tuple(say((*path, number), line) for number, line in enumerate(lines))
