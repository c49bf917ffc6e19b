"""The question types: one module each, all with the verbs of `contract.TypeContract`. Pure.

A new type is a module here, its name below, and a template of the same name in templates/assessments/types/.
"""

from scorecard.definition import Question
from scorecard.question_types.contract import (
    Answer,
    Fields,
    InvalidAnswer,
    QuestionPoints,
    Statistics,
    TypeContract,
)
from scorecard.question_types.date import Date
from scorecard.question_types.email import Email
from scorecard.question_types.file_upload import FileUpload
from scorecard.question_types.matrix import Matrix
from scorecard.question_types.multiple_choice import MultipleChoice
from scorecard.question_types.number import Number
from scorecard.question_types.scale import ScaleType
from scorecard.question_types.single_choice import SingleChoice
from scorecard.question_types.text import Text
from scorecard.question_types.textarea import TextArea
from scorecard.question_types.url import Url

TYPES: dict[str, TypeContract] = {
    each.name: each
    for each in (
        *(Text(), TextArea(), Number(), Email(), Url(), Date()),
        *(SingleChoice(), MultipleChoice(), ScaleType(), Matrix(), FileUpload()),
    )
}


def type_of(question: Question) -> TypeContract:
    """The type of a question. Raises KeyError for one that the form cannot show."""
    return TYPES[question.type]


__all__ = [
    "TYPES",
    "Answer",
    "Fields",
    "InvalidAnswer",
    "QuestionPoints",
    "Statistics",
    "TypeContract",
    "type_of",
]
