"""The tables of the editable draft, and the immutable versions that publishing creates from it."""

from scorecard.models.outcomes import Recommendation, RecommendationLevel, ScoreBand
from scorecard.models.publications import PublicationStatus, ScheduledPublication
from scorecard.models.questionnaires import Questionnaire, Section
from scorecard.models.questions import Question, QuestionType, VisibilityAction, VisibilityRule
from scorecard.models.versions import QuestionnaireVersion

__all__ = [
    "PublicationStatus",
    "Question",
    "QuestionType",
    "Questionnaire",
    "QuestionnaireVersion",
    "Recommendation",
    "RecommendationLevel",
    "ScheduledPublication",
    "ScoreBand",
    "Section",
    "VisibilityAction",
    "VisibilityRule",
]
