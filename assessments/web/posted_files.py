"""The files of a posted page: each is stored at once, and the answer of its question then names it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from assessments.errors import InvalidAnswers
from assessments.lifecycle.uploads import add_upload
from assessments.models import AssessmentSession
from scorecard.definition import Question, Section
from scorecard.question_types import Answer, InvalidAnswer
from scorecard.question_types.file_upload import (
    MEDIA_TYPES,
    TOO_MANY,
    FileUpload,
    accepted_kinds,
    largest_megabytes,
    most_files,
)


def field_name(key: str) -> str:
    """The name of the control that takes new files; that of the question has the ones to keep."""
    return f"{key}.file"


def store_posted_files(
    request: HttpRequest, session: AssessmentSession, page: Section, answers: Mapping[str, Answer]
) -> tuple[dict[str, Answer], dict[str, InvalidAnswer]]:
    """The answers with the new files of this page, and the problems of those not taken, by question."""
    complete, problems = dict(answers), {}
    for question in page.questions:
        files = request.FILES.getlist(field_name(question.key))
        if question.type != FileUpload.name or not files:
            continue
        kept = answers.get(question.key) or []
        if len(kept) + len(files) > (most := most_files(question)):
            problems[question.key] = InvalidAnswer(TOO_MANY, most=most)
            continue
        try:
            added = [store_file(session, question, file) for file in files]
        except InvalidAnswers as error:
            problems |= error.problems
        else:
            complete[question.key] = [*kept, *added]
    return complete, problems


def store_file(session: AssessmentSession, question: Question, file: "UploadedFile[Any]") -> str:
    """Store one posted file; returns its id. Raises InvalidAnswers."""
    stored = add_upload(session, question.key, name=file.name or "", size=file.size or 0, data=file.read())
    return str(stored.pk)


@dataclass(frozen=True, slots=True)
class UploadLimits:
    """What a page says of the files that a question takes."""

    field: str
    kinds: tuple[str, ...]
    accept: str  # for the file dialogue of the browser
    most_files: int
    most_bytes: int


def limits_of(question: Question) -> UploadLimits | None:
    """The limits of a question that takes files; None for any other."""
    if question.type != FileUpload.name:
        return None
    kinds = accepted_kinds(question)
    accept: list[Any] = [*(f".{kind}" for kind in kinds), *(MEDIA_TYPES[kind] for kind in kinds)]
    return UploadLimits(
        field_name(question.key),
        kinds,
        ",".join(accept),
        most_files(question),
        int(largest_megabytes(question, settings.UPLOADS_LARGEST_MB) * 1024 * 1024),
    )
