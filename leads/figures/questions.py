"""What was answered in a period, question by question. One query for each table."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, QuerySet

from assessments.models import Assessment, Response
from assessments.statistics.leavers import asked_of_all
from leads.figures.percentile import Percentile
from leads.figures.rates import percent
from leads.figures.steps import ENDED, Ended
from scorecard import versions
from scorecard.definition import Definition, Question
from scorecard.question_types import Statistics, type_of

MOST_VALUES = 21  # different numbers that have a bar each: the ratings of the longest scale
BINS = 10  # of more numbers


@dataclass(slots=True)
class Reach:
    """Assessments that came to the page of a question.

    `asks_all`: everybody has to answer it, and the answers of those who give up are stored.
    """

    reached: int = 0
    asks_all: bool = True


def answers_of(chosen: QuerySet[Assessment, Any]) -> QuerySet[Response, Response]:
    return Response.objects.filter(assessment__in=chosen.filter(ENDED).values("pk"))


def questions(chosen: QuerySet[Assessment, Any], ended: Ended) -> list[dict[str, Any]]:
    """Each question in the order asked; `left` is None where it cannot be told: see Reach."""
    rows = answers_of(chosen).values(question=F("question_key"))
    given: Any = rows.annotate(answered=Count("pk"), median_seconds=Percentile("time_spent_seconds", 0.5))
    by_key = {row["question"]: row for row in given.order_by("question")}
    return [
        {
            "question": key,
            "reached": reach.reached,
            "answered": (answered := by_key[key]["answered"] if key in by_key else 0),
            "left": max(0, reach.reached - answered) if reach.asks_all else None,
            "median_seconds": by_key[key]["median_seconds"] if key in by_key else None,
        }
        for key, reach in reach_by_question(ended).items()
    ]


def reach_by_question(ended: Ended) -> dict[str, Reach]:
    found: dict[str, Reach] = defaultdict(Reach)
    for version, counts in ended.items():
        definition = versions.get(version).definition
        of_all = {key for _, key in asked_of_all(definition)} - set(definition.personal_questions)
        for number, page in enumerate(definition.pages, start=1):
            for question in page.questions:
                reach = found[question.key]
                reach.reached += counts.reached(number)
                reach.asks_all = reach.asks_all and question.key in of_all
    return found


def answers(chosen: QuerySet[Assessment, Any], ended: Ended) -> list[dict[str, Any]]:
    """How often each answer was given, by question in the order asked: options, rows of a matrix, numbers.

    Personal answers, such as all typed text, are not read.
    """
    counted = {version: countable(versions.get(version).definition) for version in ended}
    keys = {key: None for questions in counted.values() for key in questions}
    rows = answers_of(chosen).filter(question_key__in=list(keys))
    cells: Any = rows.values_list("assessment__version_id", "question_key", "value").annotate(
        count=Count("pk")
    )
    names: dict[str, Counter[str]] = defaultdict(Counter)
    numbers: dict[str, Counter[float]] = defaultdict(Counter)
    answered: Counter[str] = Counter()
    for version, key, value, count in cells.order_by():
        question = counted[version].get(key)
        if question is None or not value:  # countable in another version alone, or erased
            continue
        of_type = type_of(question)
        answer = of_type.from_response(value)
        answered[key] += count
        if of_type.statistics is Statistics.HISTOGRAM:
            numbers[key][answer] += count
        else:
            names[key].update(dict.fromkeys(of_type.counted(answer), count))
    return [
        {
            "question": key,
            "answer": answer,
            "answered": count,
            "answered_rate": percent(count, answered[key]),
        }
        for key in keys
        for answer, count in (*names[key].most_common(), *histogram(numbers[key]))
    ]


def countable(definition: Definition) -> Mapping[str, Question]:
    """The questions whose answers are counted one by one, by key."""
    return {
        key: question
        for key, question in definition.questions.items()
        if not question.is_personal and type_of(question).statistics is not Statistics.NONE
    }


def histogram(numbers: Counter[float]) -> Iterator[tuple[str, int]]:
    """Yield (number, count), or of more than MOST_VALUES numbers (range, count) of equally wide ranges."""
    if len(numbers) <= MOST_VALUES:
        yield from ((in_short(number), count) for number, count in sorted(numbers.items()))
        return
    low, width = min(numbers), (max(numbers) - min(numbers)) / BINS
    bins: Counter[int] = Counter()
    for number, count in numbers.items():
        bins[min(int((number - low) / width), BINS - 1)] += count
    for place in range(BINS):
        limits = (in_short(low + place * width), in_short(low + (place + 1) * width))
        yield " - ".join(limits), bins[place]


def in_short(number: float) -> str:
    """To two decimal places, without zeros at the end."""
    return f"{number:.2f}".rstrip("0").rstrip(".")
