"""Files that answer questions: take one, let answers name it, and let go of those that none names.

A file is checked and stored first; the save that follows attaches it. Killed in between, the row stays
without an answer and `remove_unattached` deletes it, with its content.
"""

import logging
from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models.functions import Now
from django.template.defaultfilters import filesizeformat

from assessments.errors import AlreadySubmitted, InvalidAnswers
from assessments.lifecycle.answer_validation import UNKNOWN_QUESTION, CheckedAnswers
from assessments.models import Assessment, AssessmentSession, Upload
from files import content, virus_scan
from files.kinds import kind_of
from files.names import safe_name
from files.receiving import MEGABYTE
from scorecard import versions
from scorecard.definition import Definition, Question
from scorecard.question_types import InvalidAnswer
from scorecard.question_types.contract import gettext_noop
from scorecard.question_types.file_upload import (
    FileUpload,
    accepted_kinds,
    ids_of,
    largest_megabytes,
    upload_questions,
)

UNATTACHED_FOR = timedelta(hours=1)
MOST_OF_ASSESSMENT = 30  # files, those without an answer too
BATCH = 500

EMPTY = gettext_noop("This file is empty.")
TOO_LARGE = gettext_noop("This file is larger than %(most)s.")
TOGETHER = gettext_noop("Together these files are too large. Please send them one at a time.")
WRONG_KIND = gettext_noop("Files of this kind are not accepted, only %(kinds)s.")
INFECTED = gettext_noop("The virus scanner flagged this file, so we did not accept it.")
NO_SCANNER = gettext_noop("Files cannot be checked for viruses right now. Please try again in a few minutes.")
NO_STORE = gettext_noop("Files cannot be stored right now. Please try again in a few minutes.")
NOT_HERE = gettext_noop("We no longer have this file. Please choose it again.")
TOO_MANY = gettext_noop("You have already sent many files. Please continue with those.")

logger = logging.getLogger(__name__)


class UploadsUnavailable(InvalidAnswer):
    """Nothing is wrong with the file: scanner or store do not answer."""


def add_upload(session: AssessmentSession, key: str, *, name: str, size: int, data: bytes) -> Upload:
    """Check and store one file for a question of an open assessment; no answer names it yet.

    `size` is what was sent, `data` what was received of it. Raises AlreadySubmitted, and InvalidAnswers with
    the problem of this question.
    """
    if session.assessment.completed_at:
        raise AlreadySubmitted
    question = versions.get(session.assessment.version_id).definition.questions.get(key)
    if question is None or question.type != FileUpload.name:
        raise InvalidAnswers({key[:100]: InvalidAnswer(UNKNOWN_QUESTION)})
    try:
        require_few(session.assessment)
        return store(session.assessment, question, name=name, size=size, data=data)
    except InvalidAnswer as problem:
        raise InvalidAnswers({key: with_own_words(question, problem)}) from problem


def with_own_words(question: Question, problem: InvalidAnswer) -> InvalidAnswer:
    """The author's message, if there is one and the file is to blame."""
    own = question.validation.get("customMessage")
    if own and not isinstance(problem, UploadsUnavailable):
        return InvalidAnswer("%(own)s", own=own)
    return problem


def require_few(assessment: Assessment) -> None:
    if Upload.objects.filter(assessment=assessment).count() >= MOST_OF_ASSESSMENT:
        raise InvalidAnswer(TOO_MANY)


def store(assessment: Assessment, question: Question, *, name: str, size: int, data: bytes) -> Upload:
    """Check and store one file. Raises InvalidAnswer."""
    require_size(question, size, data)
    kind = kind_of(data)
    accepted = accepted_kinds(question)
    if kind is None or kind.name not in accepted:
        raise InvalidAnswer(WRONG_KIND, kinds=", ".join(accepted))
    require_clean(data)
    upload = Upload.objects.create(
        assessment=assessment,
        question_key=question.key,
        name=safe_name(name, kind.name),
        kind=kind.name,
        media_type=kind.media_type,
        size=size,
        stored_name=content.new_name(),
        content_key=content.new_key(),
        is_scanned=virus_scan.is_set_up(),
    )
    try:
        content.write(upload.stored_name, str(upload.content_key), data)
    except Exception as error:  # a store fails in its own ways; the row without content is cleaned up
        logger.error("A file could not be stored (%s)", type(error).__name__)
        raise UploadsUnavailable(NO_STORE) from error
    return upload


def require_size(question: Question, size: int, data: bytes) -> None:
    most = int(largest_megabytes(question, settings.UPLOADS_LARGEST_MB) * MEGABYTE)
    if size == 0:
        raise InvalidAnswer(EMPTY)
    if size > most:
        raise InvalidAnswer(TOO_LARGE, most=filesizeformat(most))
    if len(data) != size:
        raise InvalidAnswer(TOGETHER)


def require_clean(data: bytes) -> None:
    if not virus_scan.is_set_up():
        return
    try:
        infected = virus_scan.is_infected(data)
    except virus_scan.ScannerUnavailable as error:
        raise UploadsUnavailable(NO_SCANNER) from error
    if infected:
        logger.warning("The virus scanner objected to an upload")
        raise InvalidAnswer(INFECTED)


def resolve(assessment: Assessment, definition: Definition, checked: CheckedAnswers) -> frozenset[str]:
    """Name the files of checked answers by what is stored of them; returns the keys of their questions.

    Files of others, and of other questions, become problems. One query, none without such an answer.
    """
    keys = upload_questions(definition)
    named = {key: ids_of(checked.valid[key]) for key in keys & checked.valid.keys()}
    if named:
        ids = [id for found in named.values() for id in found]
        known = {str(each.pk): each for each in Upload.objects.filter(assessment=assessment, pk__in=ids)}
        for key, wanted in named.items():
            files = [known[id].as_answer() for id in wanted if id in known and known[id].question_key == key]
            checked.valid[key] = files
            if len(files) < len(wanted):
                del checked.valid[key]
                checked.problems[key] = InvalidAnswer(NOT_HERE)
    return keys & {*checked.valid, *checked.emptied}


def attach(assessment: Assessment, keys: Collection[str], answers: Mapping[str, Any]) -> None:
    """Attach the files that these questions are answered with, and delete the ones that they replace.

    The caller has a transaction. Raises InvalidAnswers if one was cleaned up meanwhile.
    """
    for key in keys:
        of_question = Upload.objects.filter(assessment=assessment, question_key=key)
        ids = ids_of(answers.get(key))
        if of_question.filter(pk__in=ids).update(attached_at=Now()) < len(ids):
            raise InvalidAnswers({key: InvalidAnswer(NOT_HERE)})
        of_question.attached().exclude(pk__in=ids).delete()


def keep_answered(assessment: Assessment, definition: Definition, answers: Mapping[str, Any]) -> None:
    """Delete the files of a finished assessment that no answer names. No query without upload questions."""
    if keys := upload_questions(definition):
        ids = [id for key in keys for id in ids_of(answers.get(key))]
        Upload.objects.filter(assessment=assessment).exclude(pk__in=ids).delete()


def remove_unfinished(sessions: Collection[AssessmentSession]) -> None:
    """Delete the files of assessments that end unfinished. No query without upload questions."""
    ended = [
        session.assessment.pk
        for session in sessions
        if upload_questions(versions.get(session.assessment.version_id).definition)
    ]
    if ended:
        Upload.objects.filter(assessment__in=ended).delete()


def remove_unattached() -> int:
    """Delete one batch of files that no answer came to name; returns how many."""
    left = Upload.objects.filter(attached_at__isnull=True, created_at__lt=Now() - UNATTACHED_FOR)
    batch = list(left.order_by("created_at").values_list("pk", flat=True)[:BATCH])
    return Upload.objects.filter(pk__in=batch, attached_at__isnull=True).delete()[0]
