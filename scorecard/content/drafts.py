"""The rows of a draft and the document that they come to, in both directions.

What has a column of its own stands there. The other parts of the document stand in the JSON column `metadata`
of their row, under their own names, beside whatever else it holds.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from pydantic import BaseModel

from scorecard.content.questions import QuestionContent
from scorecard.content.shape import BandContent, QuestionnaireContent, SectionContent
from scorecard.models import Question, Questionnaire, ScoreBand, Section, VisibilityRule

Values = dict[str, Any]

# Name in the document -> column.
QUESTIONNAIRE = {
    name: name for name in ("name", "description", "estimated_time", "language", "translations", "industry")
}
SECTION = {name: name for name in ("name", "description", "weight", "icon", "estimated_time")}
QUESTION = {
    "text": "text",
    "help_text": "help_text",
    "explanation": "explanation",
    "type": "type",
    "required": "is_required",
    "personal": "is_personal",
    "placeholder": "placeholder",
    "options": "options",
    "validation": "validation_rules",
    "default": "default_value",
    "suggested": "suggested_answer",
    "industry_tags": "industry_tags",
}
BAND = {name: name for name in ("name", "min_score", "max_score", "message", "next_steps")}
ELSEWHERE = {"key", "sections", "bands", "questions", "recommendations", "rules"}  # rows of their own


def questionnaire_values(content: QuestionnaireContent, draft: Questionnaire) -> Values:
    return _values(content, QUESTIONNAIRE, draft.metadata)


def section_values(content: SectionContent, section: Section) -> Values:
    return _values(content, SECTION, section.metadata)


def question_values(content: QuestionContent, question: Question) -> Values:
    return _values(content, QUESTION, question.metadata)


def band_values(content: BandContent, band: ScoreBand) -> Values:
    return _values(content, BAND, band.metadata)


def _values(content: BaseModel, columns: Mapping[str, str], metadata: Mapping[str, Any]) -> Values:
    """Column -> value of one row."""
    own = {field.alias or name: name for name, field in type(content).model_fields.items()}
    whole = content.model_dump(mode="json", by_alias=True)
    short = content.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    values = {column: short.get(name, whole[name]) for name, column in columns.items()}
    if "weight" in values:
        values["weight"] = Decimal(values["weight"])
    others = {name: value for name, value in short.items() if name not in {*columns, *ELSEWHERE}}
    return values | {"metadata": {key: metadata[key] for key in metadata if key not in own} | others}


def draft_document(draft: Questionnaire) -> Values:
    """Serialise the draft's rows to a document: see `scorecard.content.shape`."""
    sections = draft.sections.prefetch_related("questions", "recommendations")
    document = {
        "key": draft.key,
        **_document_parts(draft, QUESTIONNAIRE, QuestionnaireContent),
        "sections": [_section_document(section) for section in sections],
        "bands": [
            {"key": band.key, **_document_parts(band, BAND, BandContent)} for band in draft.bands.all()
        ],
        "rules": _rule_documents(draft),
    }
    for area in document.get("areas", ()):
        area["weight"] = Decimal(area.get("weight", 0))
    return document


def _document_parts(row: Any, columns: Mapping[str, str], shape: type[BaseModel]) -> Values:
    known = {field.alias or name for name, field in shape.model_fields.items()} - ELSEWHERE
    return {name: getattr(row, column) for name, column in columns.items()} | {
        name: value for name, value in row.metadata.items() if name in known
    }


def _section_document(section: Section) -> Values:
    return {
        "key": section.key,
        **_document_parts(section, SECTION, SectionContent),
        "questions": [
            {"key": question.key, **_document_parts(question, QUESTION, QuestionContent)}
            for question in section.questions.all()
        ],
        "recommendations": {
            recommendation.level: {
                "title": recommendation.title,
                "description": recommendation.description,
                "action_items": recommendation.action_items,
            }
            for recommendation in section.recommendations.all()
        },
    }


def _rule_documents(draft: Questionnaire) -> list[Values]:
    rules = VisibilityRule.objects.filter(question__questionnaire=draft, is_active=True)
    return [
        {"when": rule.condition, "action": rule.action, "targets": rule.targets, "priority": rule.priority}
        for rule in rules.order_by("order_index", "created_at", "pk")
    ]
