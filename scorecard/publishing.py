"""Publishing: freeze a draft into an immutable version."""

import hashlib
import json
from typing import Any

from django.db import transaction

from accounts.models import User
from scorecard import validation, versions
from scorecard.content.documents import check_document
from scorecard.content.shape import QUESTION_COLUMNS
from scorecard.definition import Definition, freeze
from scorecard.models import Question, Questionnaire, QuestionnaireVersion, Section, VisibilityRule
from scorecard.problems import Problem, QuestionnaireErrors


class DraftErrors(QuestionnaireErrors):
    """The draft cannot be published; `problems` holds every error, in the order of the document."""


@transaction.atomic
def publish(questionnaire: Questionnaire, *, by: User | None = None) -> QuestionnaireVersion:
    """Freeze the draft as its next version. Idempotent: an unchanged draft returns its latest version.

    Raises DraftErrors.
    """
    draft = Questionnaire.objects.select_for_update().get(pk=questionnaire.pk)
    definition = freeze(_validated(draft))
    checksum = _checksum(definition)
    latest = draft.versions.order_by("-number").first()
    if latest and latest.checksum == checksum:
        return latest
    version = QuestionnaireVersion.objects.create(
        questionnaire=draft,
        number=latest.number + 1 if latest else 1,
        definition=definition,
        checksum=checksum,
        published_by=by,
    )
    draft.version, draft.published_at = version.number, version.published_at
    draft.save(update_fields=["version", "published_at"])
    transaction.on_commit(versions.forget)
    return version


def untranslated(questionnaire: Questionnaire) -> dict[str, list[str]]:
    """Map each translation language of the draft to the paths of its missing texts.

    Raises QuestionnaireErrors if the draft does not match the schema yet.
    """
    definition = check_document(_draft_document(questionnaire)).definition()
    lacking: dict[str, list[str]] = {translation.language: [] for translation in definition.translations}
    for gap in validation.missing_translations(definition):
        lacking[str(gap.path[1])].append(gap.place)
    return lacking


def _validated(draft: Questionnaire) -> Definition:
    document = _draft_document(draft)
    try:
        definition = check_document(document).definition()
    except QuestionnaireErrors as malformed:
        raise DraftErrors(malformed.problems) from None
    if problems := validation.problems(definition) + _visibility_problems(draft):
        raise DraftErrors(problems)
    return definition


def _visibility_problems(draft: Questionnaire) -> list[Problem]:
    """Reject visibility rules, which the form does not support, instead of ignoring them."""
    rules = VisibilityRule.objects.filter(question__questionnaire=draft, is_active=True)
    keys = rules.order_by("question__key").values_list("question__key", flat=True).distinct()
    return [
        Problem((), f"question {key}", "has visibility rules, which the form cannot run yet: switch them off")
        for key in keys
    ]


def _draft_document(draft: Questionnaire) -> dict[str, Any]:
    """Serialise the draft's rows to a document: see `scorecard.content.shape`."""
    sections = draft.sections.prefetch_related("questions", "recommendations")
    return {
        "key": draft.key,
        "name": draft.name,
        "description": draft.description,
        "estimated_time": draft.estimated_time,
        "sections": [_section_document(section) for section in sections],
        "bands": list(draft.bands.values("key", "name", "min_score", "max_score", "message", "next_steps")),
        "language": draft.language,
        "translations": draft.translations,
    }


def _section_document(section: Section) -> dict[str, Any]:
    return {
        "key": section.key,
        "name": section.name,
        "description": section.description,
        "weight": section.weight,
        "questions": [_question_document(question) for question in section.questions.all()],
        "recommendations": {
            recommendation.level: {
                "title": recommendation.title,
                "description": recommendation.description,
                "action_items": recommendation.action_items,
            }
            for recommendation in section.recommendations.all()
        },
    }


def _question_document(question: Question) -> dict[str, Any]:
    return {"key": question.key} | {
        name: getattr(question, column) for name, column in QUESTION_COLUMNS.items()
    }


def _checksum(definition: dict[str, Any]) -> str:
    canonical = json.dumps(definition, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(canonical.encode()).hexdigest()
