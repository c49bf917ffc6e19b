"""Where people leave, question by question: who saw a question's page, and gave up without answering it."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from assessments.statistics.figure import COUNT, Figure, PeriodQuery
from assessments.statistics.histograms import percent
from assessments.statistics.periods import Period
from scorecard import versions
from scorecard.definition import Definition


@dataclass(frozen=True, slots=True)
class QuestionLeavers:
    """Assessments that came to the page of this question, and those given up without an answer to it."""

    questionnaire: str
    question: str
    reached: int
    left: int

    @property
    def share(self) -> int:
        """Percent that left among those that saw the question."""
        return percent(self.left, self.reached)


@dataclass
class VersionCounts:
    """The counts of one version: finished, abandoned by last saved step, answered by question."""

    finished: int
    left: Counter[int]
    answered: Counter[str]

    def reached(self, page: int) -> int:
        """Assessments that saw this page (1: the first): they saved the one before."""
        return self.finished + sum(count for step, count in self.left.items() if step >= page - 1)


def question_leavers(period: Period) -> tuple[QuestionLeavers, ...]:
    """The questions that everybody has to answer, in the order of their questionnaire. One query.

    A version that this process has not read yet costs one more.
    """
    found: dict[tuple[str, str], list[int]] = {}
    for version, counts in counts_by_version(period).items():
        definition = versions.get(version).definition
        for page, question in asked_of_all(definition):
            reached = counts.reached(page)
            cell = found.setdefault((definition.key, question), [0, 0])
            cell[0] += reached
            cell[1] += max(0, reached - counts.answered[question])
    return tuple(QuestionLeavers(*names, *cell) for names, cell in found.items() if cell[0])


ENDED = PeriodQuery(
    lambda rows: (
        rows.filter(figure__in=(Figure.ANSWER, Figure.SCORE, Figure.LEFT))
        .values_list("version", "figure", "name", "number")
        .annotate(count=COUNT)
        .order_by("version")
    )
)


def counts_by_version(period: Period) -> dict[UUID, VersionCounts]:
    counts: dict[UUID, VersionCounts] = defaultdict(lambda: VersionCounts(0, Counter(), Counter()))
    for version, figure, name, number, count in ENDED.rows(period):
        if figure == Figure.ANSWER:
            counts[version].answered[name] += count
        elif figure == Figure.LEFT:
            counts[version].left[number] += count
        else:
            counts[version].finished += count
    return counts


def asked_of_all(definition: Definition) -> Iterator[tuple[int, str]]:
    """(number of its page, key) of each question that is shown to everybody and must be answered."""
    ruled = {target for rule in definition.rules for target in rule.targets}
    for number, page in enumerate(definition.pages, start=1):
        if page.visible_if or page.key in ruled:
            continue
        for question in page.questions:
            if question.is_required and not question.visible_if and question.key not in ruled:
                yield number, question.key
