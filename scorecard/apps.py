from django.apps import AppConfig

from web.backoffice import Panel, list_place


class ScorecardConfig(AppConfig):
    name = "scorecard"
    verbose_name = "Questionnaires"
    home_panels = (
        Panel(
            "admin/scorecard/home.html",
            "scorecard.admin.home_panel.home_panel",
            "scorecard.change_questionnaire",
        ),
    )
    places = (
        list_place("Form", 30, "Questionnaires", "quiz", "scorecard.questionnaire"),
        list_place("Form", 40, "Published versions", "verified", "scorecard.questionnaireversion"),
    )
