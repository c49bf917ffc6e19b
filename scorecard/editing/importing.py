"""Uploaded YAML files as a questionnaire, with the loader's errors by the names of the files."""

import re
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from scorecard.content.fields import LANGUAGES
from scorecard.content.files import ContentErrors, read_questionnaire
from scorecard.content.shape import QuestionnaireContent
from scorecard.content.source import MAX_BYTES
from scorecard.problems import Words

NAME = re.compile(r"[\w-]{1,60}(\.[a-z]{2,3}(-[a-z]{2,8})?)?\.ya?ml", re.ASCII)


def read_uploads(uploads: "Iterable[UploadedFile[Any]]") -> QuestionnaireContent:
    """The questionnaire in one file and its translations. Raises ContentErrors, with lines."""
    files = list(uploads)
    names = [upload.name or "" for upload in files]
    if strange := [name for name in names if not NAME.fullmatch(name)]:
        raise ContentErrors(
            [
                Words("%(file)s: must be called like form.yaml or form.de.yaml", file=name[:60])
                for name in strange
            ]
        )
    own = [name for name in names if language_of(name) is None]
    if len(own) != 1:
        raise ContentErrors(
            [Words("Choose one questionnaire, such as form.yaml, and its translations (form.de.yaml).")]
        )
    stem, suffix = own[0].rsplit(".", 1)
    with TemporaryDirectory() as folder:
        for upload in files:
            language = language_of(upload.name or "")
            kept = own[0] if language is None else f"{stem}.{language}.{suffix}"
            Path(folder, kept).write_bytes(upload.read(MAX_BYTES + 1))
        try:
            return read_questionnaire(Path(folder, own[0]))
        except ContentErrors as errors:
            raise ContentErrors([named(line) for line in errors.lines]) from None


def named(line: Words) -> Words:
    """The line with the name of its file alone, without the folder."""
    return line.having(file=Path(str(line.values["file"])).name)


def language_of(name: str) -> str | None:
    """The language in a file's name; None for the questionnaire itself."""
    parts = name.split(".")
    return parts[1] if len(parts) == 3 and parts[1] in LANGUAGES else None
