from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

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
        list_place("Form", 30, _("Questionnaires"), "quiz", "scorecard.questionnaire"),
        list_place("Form", 40, _("Published versions"), "verified", "scorecard.questionnaireversion"),
    )
