"""MATRIX: one of the columns for each row; each row earns the points of its column."""

from collections.abc import Sequence
from typing import Any

from scorecard.definition import Option, Question
from scorecard.problems import Words
from scorecard.question_types.contract import (
    Answer,
    Fields,
    Found,
    InvalidAnswer,
    QuestionPoints,
    Statistics,
    TypeContract,
    gettext_noop,
    option_problems,
)


def column_of(question: Question, id: object) -> Option | None:
    return next((column for column in question.columns if column.id == id), None)


class Matrix(TypeContract):
    name = "MATRIX"
    label = gettext_noop("Table of ratings")
    statistics = Statistics.COUNTS
    parts = frozenset({"rows", "columns"})
    missing = gettext_noop("Please choose an answer in each row.")

    def from_form(self, question: Question, fields: Fields) -> Answer:
        posted = {row.id: (fields(f"{question.key}.{row.id}") or [""])[-1] for row in question.rows}
        return {row: column for row, column in posted.items() if column} or None

    def parse(self, question: Question, sent: object) -> Answer:
        """The chosen column by row, in the order of the rows."""
        if not isinstance(sent, dict) or not set(sent) <= {row.id for row in question.rows}:
            raise InvalidAnswer(gettext_noop("Please choose one answer in each row."))
        given = {row.id: sent[row.id] for row in question.rows if sent.get(row.id) not in (None, "")}
        if not all(column_of(question, column) for column in given.values()):
            raise InvalidAnswer(gettext_noop("Please choose one of the options."))
        return given

    def is_complete(self, question: Question, answer: Answer) -> bool:
        return answer is not None and len(answer) == len(question.rows)

    def points(self, question: Question, answer: Answer) -> QuestionPoints:
        best = max((column.points or 0 for column in question.columns), default=0)
        chosen = [column_of(question, (answer or {}).get(row.id)) for row in question.rows]
        known = [column for column in chosen if column is None or not column.unknown]
        return QuestionPoints(
            earned=sum(column.points or 0 for column in known if column), attainable=best * len(known)
        )

    def is_unknown(self, question: Question, answer: Answer) -> bool:
        chosen = [column_of(question, id) for id in (answer or {}).values()]
        return bool(chosen) and all(column is not None and column.unknown for column in chosen)

    def in_words(self, question: Question, answer: Answer) -> str:
        chosen = ((row.label, column_of(question, answer.get(row.id))) for row in question.rows)
        return "; ".join(f"{label}: {column.label}" for label, column in chosen if column)

    def to_response(self, answer: Answer) -> dict[str, Any]:
        return {"rows": answer}

    def counted(self, answer: Answer) -> tuple[str, ...]:
        return tuple(f"{row}:{column}" for row, column in answer.items())

    def choices(self, question: Question, answer: Answer) -> Sequence[tuple[Any, Any]]:
        """The rows with the chosen column of each."""
        return [(row, (answer or {}).get(row.id)) for row in question.rows]

    def target(self, question: Question) -> str:
        return f"{question.key}-{question.rows[0].id}-{question.columns[0].id}"

    def better(self, question: Question, answer: Answer) -> tuple[Answer, ...]:
        return tuple(
            {**(answer or {}), row.id: column.id}
            for row in question.rows
            for column in question.columns
            if not column.unknown
        )

    def problems(self, question: Question) -> Found:
        yield from super().problems(question)
        yield from option_problems(question, "columns", scored=self.is_scored(question))
        if not question.rows:
            yield ("rows",), Words("there is none")
        for index, row in enumerate(question.rows):
            if not row.label.strip():
                yield ("rows", index, "label"), Words("is blank")
