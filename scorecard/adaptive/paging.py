"""The way through the pages of a form, whose questions depend on the answers. Pure.

Pages are numbered from 1. A page without a question to show is passed over, forwards and backwards.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from scorecard.definition import Definition, Section
from scorecard.visibility import Visible, is_answered, visible

MOST_BRANCHES = 100  # remembered; the oldest go first


@dataclass(frozen=True, slots=True)
class Progress:
    """How many of the questions that are shown are answered; seed 002's `progress`."""

    answered: int
    total: int

    @property
    def percentage(self) -> int:
        return 100 * self.answered // self.total if self.total else 100

    def as_json(self) -> dict[str, int]:
        return {"percentage": self.percentage, "answered": self.answered, "total": self.total}


def progress(definition: Definition, answers: Mapping[str, Any], now: Visible | None = None) -> Progress:
    """`now`: what these answers show, where it is known already."""
    shown = (now or visible(definition, answers)).shown
    return Progress(count_answered(definition, shown, answers), len(shown))


def count_answered(definition: Definition, keys: Collection[str], answers: Mapping[str, Any]) -> int:
    return len([key for key in keys if key in answers and is_answered(definition, key, answers)])


def progress_elsewhere(definition: Definition, page: Section, answers: Mapping[str, Any]) -> Progress:
    """The progress on all pages but this one."""
    here = {question.key for question in page.questions}
    shown = [key for key in visible(definition, answers).shown if key not in here]
    return Progress(count_answered(definition, shown, answers), len(shown))


def asked_before(definition: Definition, now: Visible, page: int) -> int:
    """How many questions are shown on the pages before this one."""
    return sum(
        question.key not in now.skipped
        for each in definition.pages[: page - 1]
        for question in each.questions
    )


def shown_pages(definition: Definition, now: Visible) -> tuple[int, ...]:
    """The numbers of the pages with something to show."""
    return tuple(
        number
        for number, page in enumerate(definition.pages, start=1)
        if any(question.key not in now.skipped for question in page.questions)
    )


def next_page(definition: Definition, now: Visible, page: int) -> int | None:
    """The page after this one; None after the last."""
    return next((number for number in shown_pages(definition, now) if number > page), None)


def previous_page(definition: Definition, now: Visible, page: int) -> int | None:
    """The page before this one; None before the first."""
    return next((number for number in reversed(shown_pages(definition, now)) if number < page), None)


def first_open_page(definition: Definition, answers: Mapping[str, Any]) -> int:
    """The first page with an unanswered required question; the last shown page if there is none."""
    now = visible(definition, answers)
    pages = shown_pages(definition, now)
    for number in pages:
        for question in definition.pages[number - 1].questions:
            if question.key in now.required and not is_answered(definition, question.key, answers):
                return number
    return pages[-1] if pages else 1


def minutes_left(definition: Definition, now: Visible, page: int) -> int:
    """Minutes for this page and the ones after it, rounded up: as their author says, else their share."""
    pages = shown_pages(definition, now)
    asked = len(now.shown) / len(definition.questions) if definition.questions else 1
    share = definition.estimated_time * asked / max(len(pages), 1)
    left = [definition.pages[number - 1] for number in pages if number >= page]
    whole = not definition.one_question_per_page
    return max(1, round_up(sum((whole and each.estimated_time) or share for each in left)))


def round_up(value: float) -> int:
    return -int(-value // 1)


def adaptive_state(
    definition: Definition,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    state: Mapping[str, Any],
    now: Visible | None = None,
) -> dict[str, Any]:
    """Seed 002's `adaptive_state` after the answers changed.

    `state` is the one before; `now` what the answers show, where it is known already.
    """
    now = now or visible(definition, after)
    was_shown, was_skipped = state.get("activeQuestionIds", ()), state.get("skippedQuestionIds", ())
    if len(was_shown) + len(was_skipped) != len(definition.questions):  # the first save, or another version's
        was = visible(definition, before)
        was_shown, was_skipped = was.shown, list(was.skipped)
    skipped = set(was_skipped)
    opened = [key for key in now.shown if key in skipped]
    closed = [key for key in was_shown if key in now.skipped]
    history = list(state.get("branchHistory", ()))
    if opened or closed:
        changed = [key for key in definition.questions if before.get(key) != after.get(key)]
        history.append({"answered": changed, "opened": opened, "closed": closed})
    return {
        "activeQuestionIds": list(now.shown),
        "skippedQuestionIds": list(now.skipped),
        "branchHistory": history[-MOST_BRANCHES:],
    }
