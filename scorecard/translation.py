"""Translations of a questionnaire. Pure: only texts differ, so scores do not depend on the language."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from scorecard.definition import (
    Band,
    CallToAction,
    Definition,
    Landing,
    Option,
    Question,
    Recommendation,
    ResultTexts,
    Scale,
    Section,
    Suggestion,
)
from scorecard.problems import Path

Say = Callable[[Path, str], str]  # (path, current text) -> new text


def texts_by_path(definition: Definition) -> dict[Path, str]:
    """Map path to text for every visible text of the form, in its order, without blank ones."""
    found: dict[Path, str] = {}

    def note(path: Path, text: str) -> str:
        if text.strip():
            found[path] = text
        return text

    with_texts(definition, note)
    return found


def translated(definition: Definition, tree: Mapping[str, Any], language: str) -> Definition:
    """The definition translated with the texts of `tree`, falling back to its own texts."""
    return replace(with_texts(definition, translated_texts(tree).get), language=language)


def translated_texts(tree: Mapping[str, Any]) -> dict[Path, str]:
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


def is_storable(text: str) -> bool:
    """Whether the text can be stored: no lone surrogate, no control character except newline and tab."""
    return not any((ord(one) < 32 and one not in "\n\t") or "\ud800" <= one <= "\udfff" for one in text)


def with_texts(definition: Definition, say: Say) -> Definition:
    """A copy of the definition with each text replaced by the result of `say`."""
    return replace(
        definition,
        name=say(("name",), definition.name),
        description=say(("description",), definition.description),
        landing=_reword_landing(definition.landing, say),
        sections=tuple(_reword_section(("sections", item.key), item, say) for item in definition.sections),
        shared_areas=tuple(
            _reword_section(("areas", item.key), item, say) for item in definition.shared_areas
        ),
        result=ResultTexts(
            title=say(("result", "title"), definition.result.title),
            text=say(("result", "text"), definition.result.text),
        ),
        consents={key: say(("consents", key), text) for key, text in definition.consents.items()},
        bands=tuple(_reword_band(("bands", item.key), item, say) for item in definition.bands),
    )


def _reword_landing(landing: Landing, say: Say) -> Landing:
    return Landing(
        headline=say(("landing", "headline"), landing.headline),
        for_whom=say(("landing", "for_whom"), landing.for_whom),
        about=say(("landing", "about"), landing.about),
        benefits=_reword_lines(("landing", "benefits"), landing.benefits, say),
        start=say(("landing", "start"), landing.start),
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
        placeholder=say((*path, "placeholder"), question.placeholder),
        audience=say((*path, "audience"), question.audience),
        options=tuple(_reword_option(path, "options", option, say) for option in question.options),
        rows=tuple(replace(row, label=say((*path, "rows", row.id), row.label)) for row in question.rows),
        columns=tuple(_reword_option(path, "columns", option, say) for option in question.columns),
        scale=_reword_scale((*path, "scale", "labels"), question.scale, say),
        validation=_reword_validation((*path, "validation"), question.validation, say),
        suggested=_reword_suggestion((*path, "suggested", "reason"), question.suggested, say),
    )


def _reword_option(path: Path, part: str, option: Option, say: Say) -> Option:
    """The option with its texts replaced: `options: {A: ...}` is the label, other texts are separate."""
    return replace(
        option,
        label=say((*path, part, option.id), option.label),
        description=say((*path, "descriptions", option.id), option.description),
        advice=say((*path, "advice", option.id), option.advice),
    )


def _reword_scale(path: Path, scale: Scale | None, say: Say) -> Scale | None:
    if scale is None:
        return None
    return replace(
        scale, labels={rating: say((*path, rating), text) for rating, text in scale.labels.items()}
    )


def _reword_validation(path: Path, rules: Mapping[str, Any], say: Say) -> Mapping[str, Any]:
    """The validation rules with their words replaced."""
    said = {
        name: say((*path, name), rules[name])
        for name in ("customMessage", "unit")
        if isinstance(rules.get(name), str)
    }
    return {**rules, **said}


def _reword_suggestion(path: Path, suggested: Suggestion | None, say: Say) -> Suggestion | None:
    return replace(suggested, reason=say(path, suggested.reason)) if suggested else None


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
        call_to_action=_reword_call_to_action((*path, "call_to_action"), band.call_to_action, say),
    )


def _reword_call_to_action(path: Path, call: CallToAction | None, say: Say) -> CallToAction | None:
    if call is None:
        return None
    texts = ("title", "text", "label", "link")
    return CallToAction(**{name: say((*path, name), getattr(call, name)) for name in texts})


def _reword_lines(path: Path, lines: tuple[str, ...], say: Say) -> tuple[str, ...]:
    return tuple(say((*path, number), line) for number, line in enumerate(lines))
