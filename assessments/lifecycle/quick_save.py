"""Save answers in one statement, where nothing has to be known of the session first.

That is so where no rule asks about an answer, every stored answer is a complete one, and the session has no
address that a save would have to keep up with. `services.save_progress` saves everything else.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from assessments.lifecycle import answer_validation
from assessments.lifecycle.services import session_lifetime
from assessments.models.session import hash_token
from encryption.sealed_json import open_text, seal_keys
from scorecard import versions
from scorecard.definition import Definition
from scorecard.models import QuestionnaireVersion
from scorecard.question_types import TYPES
from scorecard.question_types.contract import TypeContract
from scorecard.question_types.file_upload import upload_questions
from scorecard.visibility import plan_of
from web.databases.statements import Statement
from web.languages import current_language

SAVE_AT_ONCE = Statement(Path(__file__).with_name("sql") / "save_at_once.sql")


@dataclass(frozen=True, slots=True)
class SavedSession:
    """What a save leaves in an open session."""

    assessment_id: UUID
    version_id: UUID
    responses: Mapping[str, Any]
    current_step: int
    total_steps: int


def save_at_once(
    token: str, version_id: UUID, *, assessment_id: UUID | None, step: int, answers: Mapping[str, Any]
) -> SavedSession | None:
    """Store the answers of a session of this version. None, with nothing stored, where that takes more."""
    try:
        definition = versions.get(version_id).definition
    except QuestionnaireVersion.DoesNotExist:  # the database is an older one, restored
        return None
    checked = answer_validation.validate(definition, answers)
    if checked.problems or not is_simple(definition):
        return None
    row = SAVE_AT_ONCE.first(
        key=hash_token(token),
        version=version_id,
        assessment=assessment_id,
        language=current_language(),
        valid=Jsonb(seal_keys(checked.valid, definition.personal_questions)),
        emptied=checked.emptied,
        total=len(definition.questions),
        step=step,
        lifetime=session_lifetime(),
    )
    if row is None:
        return None
    saved, responses, current_step, total_steps = row
    return SavedSession(saved, version_id, open_text(responses), current_step, total_steps)


def is_simple(definition: Definition) -> bool:
    """Whether each question is shown to everybody, and answered as soon as an answer is stored."""
    known: bool | None = definition.memo.get("is_simple")
    if known is None:
        always_complete = all(
            question.type in TYPES and type(TYPES[question.type]).is_complete is TypeContract.is_complete
            for question in definition.questions.values()
        )
        is_flat = plan_of(definition).flat is not None
        known = always_complete and is_flat and not upload_questions(definition)
        definition.memo["is_simple"] = known = known and bool(definition.questions)
    return known
