from django.apps import AppConfig

from web.backoffice import list_place


class ScorecardConfig(AppConfig):
    name = "scorecard"
    verbose_name = "Questionnaires"
    places = (
        list_place("Form", 30, "Questionnaires", "quiz", "scorecard.questionnaire"),
        list_place("Form", 40, "Published versions", "verified", "scorecard.questionnaireversion"),
    )
