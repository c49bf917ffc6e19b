"""The link to a preview: signed, expiring, and open to everybody who has it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core import signing
from django.urls import reverse

from scorecard.definition import Definition, parse
from scorecard.editing.changes import definition_of
from scorecard.models import Questionnaire
from scorecard.problems import QuestionnaireErrors
from scorecard.translation import translated

SALT = "assessments.preview"
DAYS = 7


class PreviewClosed(Exception):
    """The link is not ours, has expired, or what it leads to is gone or cannot be read."""


@dataclass(frozen=True, slots=True)
class Previewed:
    """What a link leads to: a version by its number, or the draft as it is now."""

    name: str
    number: int | None
    definition: Definition  # in the language of the reader
    languages: tuple[str, ...]


def preview_token(questionnaire: UUID, number: int | None = None) -> str:
    return signing.dumps([str(questionnaire), number], salt=SALT)


def preview_url(questionnaire: UUID, number: int | None = None) -> str:
    return reverse("preview:frame", args=[preview_token(questionnaire, number)])


def open_preview(token: str, language: str) -> Previewed:
    """Raises PreviewClosed."""
    try:
        key, number = signing.loads(token, salt=SALT, max_age=DAYS * 24 * 3600)
        draft = Questionnaire.objects.get(pk=UUID(key))
        definition = definition_at(draft, number)
    except (signing.BadSignature, ValueError, Questionnaire.DoesNotExist, QuestionnaireErrors, LookupError):
        raise PreviewClosed from None
    trees: dict[str, Any] = {each.language: each.texts for each in definition.translations}
    spoken = translated(definition, trees[language], language) if language in trees else definition
    return Previewed(draft.name, number, spoken, (definition.language, *trees))


def definition_at(draft: Questionnaire, number: int | None) -> Definition:
    """Raises LookupError, QuestionnaireErrors."""
    if number is None:
        return definition_of(draft)
    version = draft.versions.filter(number=number).first()
    if version is None:
        raise LookupError(number)
    return parse(version.definition)
