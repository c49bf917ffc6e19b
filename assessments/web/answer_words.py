"""The messages for invalid answers, on pages and in the API alike."""

from django.utils.translation import gettext_lazy as _

from assessments.errors import AnswerProblem

WORDS = {
    AnswerProblem.UNKNOWN_QUESTION: _("This questionnaire has no such question."),
    AnswerProblem.UNKNOWN_OPTION: _("Please choose one of the options."),
    AnswerProblem.MISSING: _("Please choose an answer."),
}
