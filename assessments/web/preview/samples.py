"""Answers that come close to a score, so that the preview of its result has something to say."""

from typing import Any

from scorecard.checking.candidates import candidates
from scorecard.definition import Definition, Question
from scorecard.scoring import question_points
from scorecard.visibility import visible


def answers_near(definition: Definition, total: int) -> dict[str, Any]:
    """An answer to each scored question that is shown, all together near `total` of 100."""
    answers: dict[str, Any] = {}
    missing = 0  # hundredths of points that the answers so far earn less than wanted
    for question in (question for area in definition.areas if area.weight for question in area.questions):
        found = scored_answers(question)
        if found:
            attainable = found[0][2]
            answer, earned, _ = min(found, key=lambda each: abs(each[1] * 100 - total * attainable - missing))
            missing += total * attainable - earned * 100
            answers[question.key] = answer
    return dict(visible(definition, answers).answers(answers))


def scored_answers(question: Question) -> list[tuple[Any, int, int]]:
    """Answers with the points that they earn and could earn; none for a question without points."""
    given = [answer for answer in candidates(question, ()).answers if answer is not None]
    points = [(answer, question_points(question, answer)) for answer in given]
    return [(answer, each.earned, each.attainable) for answer, each in points if each.attainable]
