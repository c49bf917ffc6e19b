"""The JSON shapes of the answers of the API. Names in camel case."""

from collections.abc import Collection
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, TypeAdapter
from pydantic.alias_generators import to_camel

from assessments.lifecycle.consents import consent_boxes
from assessments.lifecycle.quick_save import SavedSession
from assessments.models import Assessment, AssessmentSession
from assessments.results.result import result_of
from scorecard import versions
from scorecard.adaptive.paging import progress
from scorecard.definition import Definition
from scorecard.visibility import visible


class Output(BaseModel):
    """A response. Not ninja's Schema, which reads every attribute as a template does."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class ConditionOut(Output):
    """A comparison, joined with the nested ones by `logicalOp`."""

    field: str
    operator: str
    value: Any
    logical_op: str
    nested: list["ConditionOut"]


class RuleOut(Output):
    when: ConditionOut
    action: str
    targets: list[str]
    priority: int


class OptionOut(Output):
    id: str
    label: str
    description: str
    icon: str
    exclusive: bool


class RowOut(Output):
    id: str
    label: str


class ScaleOut(Output):
    min: int
    max: int
    labels: dict[str, str]


class SuggestionOut(Output):
    """An answer that the author suggests."""

    value: Any
    reason: str
    confidence: float | None


class QuestionOut(Output):
    key: str
    text: str
    help_text: str
    explanation: str
    placeholder: str
    type: str
    is_required: bool
    options: list[OptionOut]
    rows: list[RowOut]
    columns: list[OptionOut]
    scale: ScaleOut | None
    validation: dict[str, Any]
    default: Any
    suggested: SuggestionOut | None
    industry_tags: list[str]
    visible_if: ConditionOut | None


class SectionOut(Output):
    key: str
    name: str
    description: str
    icon: str
    estimated_time: int | None
    visible_if: ConditionOut | None
    questions: list[QuestionOut]


class QuestionnaireOut(Output):
    key: str
    name: str
    description: str
    estimated_time: int
    industry: str
    tags: list[str]
    sections: list[SectionOut]
    rules: list[RuleOut]


class ProgressOut(Output):
    """Of the questions that are shown."""

    percentage: int
    answered: int
    total: int


class AdaptiveStateOut(Output):
    """Which questions are shown and skipped now, and which answers changed that."""

    active_question_ids: list[str]
    skipped_question_ids: list[str]
    branch_history: list[dict[str, Any]]
    reasons: dict[str, str]  # why a question is skipped


class StateOut(Output):
    """The progress of an assessment. Send `csrfToken` as the header X-CSRFToken of every POST.

    `newerVersion`, in `resume`: the questionnaire was published anew since the session began.
    """

    assessment_id: UUID
    current_step: int
    total_steps: int
    completed: bool
    responses: dict[str, Any]
    progress: ProgressOut
    adaptive_state: AdaptiveStateOut
    expires_in: int
    csrf_token: str
    newer_version: bool = False


class ConsentBoxOut(Output):
    """One consent to ask for, with this text and not ticked."""

    purpose: str
    text: str
    version: str


class StartOut(StateOut):
    questionnaire: QuestionnaireOut
    consents: list[ConsentBoxOut]


CONSENT_BOXES = TypeAdapter(list[ConsentBoxOut])


class AreaOut(Output):
    key: str
    name: str
    score: int
    weight_percent: float


class AdviceOut(Output):
    section_name: str
    level: str
    title: str
    description: str
    action_items: list[str]


class CallToActionOut(Output):
    title: str
    text: str
    label: str
    link: str


class CategoryOut(Output):
    """The band of the total; `color` is #rrggbb, or empty."""

    key: str
    name: str
    message: str
    next_steps: list[str]
    color: str
    call_to_action: CallToActionOut | None


class ResultOut(Output):
    """A result; the recommendations unlock with an e-mail address."""

    assessment_id: UUID
    completed_at: datetime
    total_score: int | None
    score_breakdown: dict[str, int]
    category: CategoryOut | None
    areas: list[AreaOut]
    recommendations_unlocked: bool
    recommendations: list[AdviceOut]
    lead_quality: str | None
    qualified_for_briefing: bool


class UploadOut(Output):
    """A stored file: name it in the answer of its question, by its id or as it is here."""

    id: str
    name: str
    size: int
    mime_type: str


class ErrorDetail(Output):
    code: str
    message: str
    details: dict[str, Any]
    timestamp: datetime
    request_id: str
    retry_after: int | None = None


class ErrorOut(Output):
    error: ErrorDetail


def questionnaire_out(definition: Definition) -> QuestionnaireOut:
    return QuestionnaireOut.model_validate(definition, from_attributes=True)


@lru_cache(maxsize=64)
def questionnaire_json(version_id: UUID, language: str) -> str:
    """The questionnaire of a version, which never changes, as JSON."""
    definition = versions.get(version_id).in_language(language)
    return questionnaire_out(definition).model_dump_json(by_alias=True)


def consent_boxes_out(version_id: UUID) -> list[ConsentBoxOut]:
    """The consents to ask for, named as in `consents` of a body."""
    return [
        ConsentBoxOut(purpose=to_camel(each.purpose), text=each.text, version=each.version)
        for each in consent_boxes(version_id)
    ]


def start_json(state: StateOut, version_id: UUID, language: str) -> str:
    """A StartOut as JSON, of which most is the same for everybody."""
    opened = state.model_dump_json(by_alias=True).removesuffix("}")
    consents = CONSENT_BOXES.dump_json(consent_boxes_out(version_id), by_alias=True).decode()
    return f'{opened},"questionnaire":{questionnaire_json(version_id, language)},"consents":{consents}}}'


def state_out(session: AssessmentSession, *, expires_in: int, csrf_token: str) -> StateOut:
    state = SavedSession(
        session.assessment.id,
        session.assessment.version_id,
        session.responses,
        session.current_step,
        session.total_steps,
    )
    return open_state_out(
        state,
        expires_in=expires_in,
        csrf_token=csrf_token,
        completed=session.assessment.completed_at is not None,
        history=session.adaptive_state.get("branchHistory", ()),
    )


def open_state_out(
    session: SavedSession,
    *,
    expires_in: int,
    csrf_token: str,
    completed: bool = False,
    history: Collection[dict[str, Any]] = (),
) -> StateOut:
    definition = versions.get(session.version_id).definition
    now = visible(definition, session.responses)
    return StateOut(
        assessment_id=session.assessment_id,
        current_step=session.current_step,
        total_steps=session.total_steps,
        completed=completed,
        responses=dict(session.responses),
        progress=ProgressOut.model_validate(
            progress(definition, session.responses, now), from_attributes=True
        ),
        adaptive_state=AdaptiveStateOut(
            active_question_ids=list(now.shown),
            skipped_question_ids=list(now.skipped),
            branch_history=list(history),
            reasons={key: decision.words for key, decision in now.skipped.items()},
        ),
        expires_in=expires_in,
        csrf_token=csrf_token,
    )


def result_out(assessment: Assessment, language: str | None = None) -> ResultOut:
    """The result as JSON, in `language` or else in the questionnaire's own."""
    result = result_of(assessment, language, with_way_up=False)
    unlocked = bool(assessment.email) or not result.asks_address
    return ResultOut(
        assessment_id=assessment.id,
        completed_at=result.completed_at,
        total_score=result.total,
        score_breakdown={area.key: area.score for area in result.areas},
        category=CategoryOut.model_validate(result.band, from_attributes=True) if result.has_score else None,
        areas=[AreaOut.model_validate(area, from_attributes=True) for area in result.areas],
        recommendations_unlocked=unlocked,
        recommendations=[
            AdviceOut.model_validate(advice, from_attributes=True)
            for advice in (result.advice if unlocked else ())
        ],
        lead_quality=assessment.lead_quality,
        qualified_for_briefing=assessment.qualified_for_briefing,
    )
