"""The messages for invalid answers, on pages and in the API alike."""

from django.utils.translation import gettext

from scorecard.question_types import InvalidAnswer


def problem_in_words(problem: InvalidAnswer) -> str:
    """What is wrong, in the current language."""
    return gettext(problem.words) % problem.values
