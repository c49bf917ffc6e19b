"""Which totals can come about: the smallest, the largest, and the bands that none falls into. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any

from scorecard.checking.candidates import candidates
from scorecard.checking.findings import Found, Severity
from scorecard.checking.situations import Situations
from scorecard.definition import Definition, Question, Section
from scorecard.problems import Words
from scorecard.question_types import type_of
from scorecard.scoring import Points, half_up, question_points
from scorecard.visibility import section_name

Pair = tuple[int, int]  # points earned and attainable
NOTHING: frozenset[Pair] = frozenset({(0, 0)})
MOST_PAIRS = 20_000  # in one area
MOST_TOTALS = 200_000  # before rounding
MOST_CASES = 300  # of what is shown


@dataclass(frozen=True, slots=True)
class Totals:
    """`values` is every total that can come about; where that is too much to say, `is_exact` is false."""

    values: frozenset[int]
    is_exact: bool

    @property
    def smallest(self) -> int:
        return min(self.values)

    @property
    def largest(self) -> int:
        return max(self.values)


class TooMany(Exception):
    """There is more to go through than the bounds allow."""


def band_findings(definition: Definition, totals: Totals) -> Found:
    """Bands that no total falls into."""
    if not totals.is_exact:
        return
    for index, band in enumerate(definition.bands):
        if not any(band.min_score <= total <= band.max_score for total in totals.values):
            yield (
                Severity.WARNING,
                ("bands", index),
                Words(
                    "no path reaches it: totals lie from %(smallest)s to %(largest)s",
                    smallest=totals.smallest,
                    largest=totals.largest,
                ),
            )


def reachable_totals(definition: Definition) -> Totals | None:
    """The totals; None for a questionnaire without a score."""
    if not definition.has_score or not any(area.weight for area in definition.areas):
        return None
    situations = Situations(definition)
    try:
        found: set[int] = set()
        cases, is_exact = _cases(situations)
        for shown, fixed in cases:
            found |= _totals(definition, shown, fixed)
        return Totals(frozenset(found or {0}), is_exact)
    except TooMany:
        return Totals(frozenset({0, 100}), is_exact=False)


def _cases(situations: Situations) -> tuple[list[tuple[frozenset[str], dict[str, Any]]], bool]:
    """What can be shown, with the answers that it depends on."""
    scored = {q.key for area in situations.definition.areas if area.weight for q in area.questions}
    waiting = [
        question.key
        for question, section in situations.plan.order
        if question.key in scored and {question.key, section_name(section)} & situations.plan.waits.keys()
    ]
    keys = situations.basis(waiting)
    always = scored - set(waiting)
    cases: dict[str, tuple[frozenset[str], dict[str, Any]]] = {}
    for given in situations.of(keys):
        counted, shown = situations.counted(keys, given)
        if any(needed not in counted for needed in _must_answer(situations, keys, shown)):
            continue
        here = frozenset((shown | always) & scored)
        fixed = {key: counted.get(key) for key in keys if key in here and key in situations.candidates}
        points = {key: question_points(situations.definition.questions[key], fixed[key]) for key in fixed}
        cases.setdefault(repr((sorted(here), sorted(points.items(), key=str))), (here, fixed))
        if len(cases) > MOST_CASES:
            raise TooMany
    return list(cases.values()), situations.is_exact(keys)


def _must_answer(situations: Situations, keys: tuple[str, ...], shown: set[str]) -> Iterator[str]:
    """Questions that cannot be left open: required ones that conditions ask about."""
    for key in keys:
        required = situations.definition.questions[key].is_required and key not in situations.plan.demands
        if required and key in situations.candidates and key in shown:
            yield key


def _totals(definition: Definition, shown: frozenset[str], fixed: Mapping[str, Any]) -> set[int]:
    weighed = [area for area in definition.areas if area.weight]
    scores = [_area_scores(area, shown, fixed) for area in weighed]
    sums: set[tuple[Fraction, Fraction]] = {(Fraction(0), Fraction(0))}  # weighted score, weight
    for area, possible in zip(weighed, scores, strict=True):
        weight = Fraction(area.weight)
        sums = {
            (total, whole) if score is None else (total + score * weight, whole + weight)
            for (total, whole), score in product(sums, possible)
        }
        if len(sums) > MOST_TOTALS:
            raise TooMany
    return {half_up(total / whole) if whole else 0 for total, whole in sums}


def _area_scores(area: Section, shown: frozenset[str], fixed: Mapping[str, Any]) -> set[int | None]:
    """The scores of an area, None where nothing counts."""
    pairs: frozenset[Pair] = NOTHING
    for question in area.questions:
        if question.key in shown:
            own = _pairs(question, [fixed[question.key]] if question.key in fixed else _answers(question))
            pairs = frozenset((earned + e, most + m) for (earned, most), (e, m) in product(pairs, own))
            if len(pairs) > MOST_PAIRS:
                raise TooMany
    return {Points(earned, most).score if most else None for earned, most in pairs}


def _pairs(question: Question, answers: Iterable[Any]) -> set[Pair]:
    found = (question_points(question, answer) for answer in answers)
    return {(each.earned, each.attainable) for each in found}


def _answers(question: Question) -> Iterable[Any]:
    """The answers that earn different points, none among them where it may be left out."""
    if question_points(question, None).attainable == 0:
        return [None]
    if question.type == "MATRIX":
        return _matrix_answers(question)
    found = candidates(question, ()).answers
    answers = [answer for answer in found if answer is not None and not type_of(question).is_empty(answer)]
    if question.type == "MULTIPLE_CHOICE" and len(question.options) > 4:
        answers = _several(question)
    return answers if question.is_required and answers else [None, *answers]


def _several(question: Question) -> list[Any]:
    """Sets of options, one for each sum of points."""
    sums: dict[tuple[int, int], list[str]] = {(0, 0): []}
    most = question.validation.get("maxSelected", len(question.options))
    for option in question.options:
        if not option.exclusive and not option.unknown:
            for (points, size), chosen in list(sums.items()):
                if size < most:
                    sums.setdefault((points + (option.points or 0), size + 1), [*chosen, option.id])
    least = question.validation.get("minSelected", 1)
    alone = [[option.id] for option in question.options if option.exclusive or option.unknown]
    return [chosen for (_, size), chosen in sums.items() if size >= max(least, 1)] + alone


def _matrix_answers(question: Question) -> list[Any]:
    """Rows answered alike, and one answer for each number of rows with each column."""
    answers: dict[Pair, Any] = {}
    grown: list[dict[str, str]] = [{}]
    for row in question.rows:
        following: dict[Pair, dict[str, str]] = {}
        for given in grown:
            for column in question.columns:
                answer = given | {row.id: column.id}
                points = question_points(question, answer)
                following.setdefault((points.earned, points.attainable), answer)
        grown = list(following.values())
        answers = dict(following)
    return [*answers.values(), *([] if question.is_required else [None])]
