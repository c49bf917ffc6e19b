"""FILE_UPLOAD: one file or several. The answer names them; who stored them knows their content.

An answer is [{"id", "name", "size", "mimeType"}]; only the ids need to be sent. `validation`: `acceptedTypes`
(endings, or media types such as image/*), `maxSize` (MB of one file), `maxFiles`.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from scorecard.conditions import is_number
from scorecard.definition import Definition, Question
from scorecard.problems import Words
from scorecard.question_types.contract import (
    Answer,
    Fields,
    Found,
    InvalidAnswer,
    TypeContract,
    at_most,
    gettext_noop,
    limit_of,
    number_rules,
)

ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
NO_FILE = gettext_noop("Please choose a file.")
TOO_MANY = gettext_noop("Please choose at most %(most)s files.")
PARTS = {"id", "name", "size", "mimeType"}
MOST_FILES = 10  # that an author may allow
LARGEST = 100  # MB that an author may allow
URN = "urn:uuid:"
# Kind of file -> its media type, in the order in which people are told. A test compares it with files.kinds.
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "heic": "image/heic",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odp": "application/vnd.oasis.opendocument.presentation",
    "txt": "text/plain",
}
OTHER_NAMES = {"jpeg": "jpg", "csv": "txt", "md": "txt", "text/csv": "txt", "text/markdown": "txt"}


def accepted_kinds(question: Question) -> tuple[str, ...]:
    """The kinds of files that are taken; all that are known where the author names none."""
    wanted = question.validation.get("acceptedTypes")
    wanted = wanted if isinstance(wanted, list) and wanted else MEDIA_TYPES
    return tuple(kind for kind in MEDIA_TYPES if any(kind in kinds_named(each) for each in wanted))


def kinds_named(word: object) -> tuple[str, ...]:
    """The kinds that `pdf`, `.pdf`, `application/pdf` or `image/*` means; () for what is not known."""
    text = str(word).lower().removeprefix(".")
    text = OTHER_NAMES.get(text, text)
    if text.endswith("/*"):
        return tuple(kind for kind, media in MEDIA_TYPES.items() if media.startswith(text[:-1]))
    return tuple(kind for kind, media in MEDIA_TYPES.items() if text in (kind, media))


def largest_megabytes(question: Question, otherwise: float) -> float:
    """The largest size of one file, in MB, and never more than `otherwise`."""
    limit = limit_of(question, "maxSize")
    return otherwise if limit is None else min(limit, otherwise)


def most_files(question: Question) -> int:
    return at_most(question, "maxFiles", 1)


def upload_questions(definition: Definition) -> frozenset[str]:
    """The keys of the questions that are answered with files."""
    return frozenset(key for key, each in definition.questions.items() if each.type == FileUpload.name)


def ids_of(answer: Answer) -> list[str]:
    return [file["id"] for file in answer or ()]


class FileUpload(TypeContract):
    name = "FILE_UPLOAD"
    label = gettext_noop("Upload of files")
    rules = frozenset({"acceptedTypes", "maxSize", "maxFiles", "customMessage"})
    missing = NO_FILE

    def from_form(self, question: Question, fields: Fields) -> Answer:
        """The ids of the files to keep; new ones come apart, as files."""
        return [id for id in fields(question.key) if id] or None

    def parse(self, question: Question, sent: object) -> Answer:
        if not isinstance(sent, list):
            raise InvalidAnswer(NO_FILE)
        files = {file["id"]: file for file in map(named_file, sent)}
        return list(files.values())

    def check(self, question: Question, answer: Answer) -> None:
        if len(answer) > (most := most_files(question)):
            raise InvalidAnswer(TOO_MANY, most=most)

    def in_words(self, question: Question, answer: Answer) -> str:
        return "; ".join(file["name"] or file["id"] for file in answer)

    def to_response(self, answer: Answer) -> dict[str, Any]:
        """Seed 002's object of the first file; `others` are of the same shape."""
        first, *others = (
            {
                "fileUrl": URN + file["id"],
                "fileName": file["name"],
                "fileSize": file["size"],
                "mimeType": file["mimeType"],
            }
            for file in answer
        )
        return {**first, "others": others} if others else first

    def from_response(self, stored: Mapping[str, Any]) -> Answer:
        return [
            {
                "id": file["fileUrl"].removeprefix(URN),
                "name": file["fileName"],
                "size": file["fileSize"],
                "mimeType": file["mimeType"],
            }
            for file in (stored, *stored.get("others", ()))
        ]

    def choices(self, question: Question, answer: Answer) -> Sequence[tuple[Any, Any]]:
        """The files that are there, with their ids."""
        return [(file["id"], file) for file in answer or ()]

    def problems(self, question: Question) -> Found:
        yield from super().problems(question)
        if question.scored:
            yield ("scored",), Words("%(type)s cannot be scored", type=self.name)
        if question.personal is False:
            yield ("personal",), Words("a file is always personal")
        for part in ("default", "suggested"):
            if getattr(question, part) is not None:
                yield (part,), Words("a file cannot be given beforehand")
        yield from number_rules(question, ("maxSize", "maxFiles"))
        yield from limit_problems(question)
        accepted = question.validation.get("acceptedTypes")
        if accepted is not None and not (isinstance(accepted, list) and accepted):
            yield ("validation", "acceptedTypes"), Words("must be a list such as [pdf, png]")
            return
        for index, word in enumerate(accepted or ()):
            if not kinds_named(word):
                known = ", ".join(MEDIA_TYPES)
                yield ("validation", "acceptedTypes", index), Words("is none of %(known)s", known=known)


def named_file(sent: object) -> dict[str, Any]:
    """A file as an answer names it; of a bare id, the rest is blank. Raises InvalidAnswer."""
    file = {"id": sent} if isinstance(sent, str) else sent
    if not isinstance(file, dict) or not set(file) <= PARTS:
        raise InvalidAnswer(NO_FILE)
    id, name, size, media = (file.get(part, blank) for part, blank in BLANK.items())
    texts = all(isinstance(text, str) for text in (id, name, media))
    if not texts or not ID.fullmatch(id) or not isinstance(size, int) or isinstance(size, bool):
        raise InvalidAnswer(NO_FILE)
    return {"id": id, "name": name, "size": size, "mimeType": media}


BLANK: Mapping[str, Any] = {"id": "", "name": "", "size": 0, "mimeType": ""}


def limit_problems(question: Question) -> Found:
    size, files = question.validation.get("maxSize"), question.validation.get("maxFiles")
    if is_number(size) and not 0 < size <= LARGEST:  # type: ignore[operator]  # it is a number
        yield ("validation", "maxSize"), Words("is in MB: more than 0, %(most)s at most", most=LARGEST)
    if is_number(files) and (not isinstance(files, int) or not 1 <= files <= MOST_FILES):
        yield ("validation", "maxFiles"), Words("must be a whole number from 1 to %(most)s", most=MOST_FILES)
