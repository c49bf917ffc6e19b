"""Publishing: freeze a draft into an immutable version."""

import hashlib
import json
from typing import Any

from django.db import transaction

from accounts.models import User
from scorecard import validation, versions
from scorecard.checking import blocking
from scorecard.content.documents import check_document
from scorecard.content.drafts import draft_document
from scorecard.definition import Definition, freeze
from scorecard.models import Questionnaire, QuestionnaireVersion
from scorecard.problems import QuestionnaireErrors

Frozen = dict[str, Any]


class DraftErrors(QuestionnaireErrors):
    """The draft cannot be published; `problems` holds every error, in the order of the document."""


@transaction.atomic
def publish(questionnaire: Questionnaire, *, by: User | None = None, note: str = "") -> QuestionnaireVersion:
    """Freeze the draft as its next version. Idempotent: an unchanged draft returns its latest version.

    Raises DraftErrors.
    """
    draft = Questionnaire.objects.select_for_update().get(pk=questionnaire.pk)
    return publish_frozen(draft, freeze(publishable(draft)), by=by, note=note)


@transaction.atomic
def publish_frozen(
    draft: Questionnaire, definition: Frozen, *, by: User | None = None, note: str = ""
) -> QuestionnaireVersion:
    """Insert a frozen definition as the next version, whatever the draft says now.

    Idempotent: one that equals the latest version returns that.
    """
    draft = Questionnaire.objects.select_for_update().get(pk=draft.pk)
    checksum = checksum_of(definition)
    latest = draft.versions.order_by("-number").first()
    if latest and latest.checksum == checksum:
        return latest
    version = QuestionnaireVersion.objects.create(
        questionnaire=draft,
        number=latest.number + 1 if latest else 1,
        definition=definition,
        checksum=checksum,
        published_by=by,
        note=note,
    )
    draft.version, draft.published_at = version.number, version.published_at
    draft.save(update_fields=["version", "published_at"])
    transaction.on_commit(versions.clear_caches)
    return version


def publishable(draft: Questionnaire) -> Definition:
    """The definition of the draft. Raises DraftErrors with all that blocks publishing."""
    document = draft_document(draft)
    try:
        definition = check_document(document).definition()
    except QuestionnaireErrors as malformed:
        raise DraftErrors(malformed.problems) from None
    if problems := blocking(definition):
        raise DraftErrors(problems)
    return definition


def untranslated_texts(questionnaire: Questionnaire) -> dict[str, list[str]]:
    """Map each translation language of the draft to the paths of its missing texts.

    Raises QuestionnaireErrors if the draft does not match the schema yet.
    """
    definition = check_document(draft_document(questionnaire)).definition()
    lacking: dict[str, list[str]] = {translation.language: [] for translation in definition.translations}
    for gap in validation.missing_translations(definition):
        lacking[str(gap.path[1])].append(gap.place)
    return lacking


def checksum_of(definition: Frozen) -> str:
    canonical = json.dumps(definition, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(canonical.encode()).hexdigest()
