from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from web.backoffice import DraftPanel, ExperimentPanel, Panel, list_place


class AssessmentsConfig(AppConfig):
    name = "assessments"
    reads_may_lag = True  # web/databases/replica.py
    verbose_name = "Assessments"
    figures = ("assessments.statistics.metrics.dashboard_figures",)
    home_panels = (
        Panel(
            "admin/assessments/figures/all.html",
            "assessments.admin.home_panel.home_panel",
            "leads.view_lead",
            wide=True,
        ),
    )
    experiment_panels = (
        ExperimentPanel("admin/experiments/result.html", "assessments.admin.experiment_panel.result"),
    )
    draft_panels = (
        DraftPanel(
            "admin/assessments/preview/panel.html",
            "assessments.web.preview.panel.preview_panel",
            "scorecard.change_questionnaire",
        ),
    )
    places = (list_place("Form", 10, _("In progress"), "hourglass_top", "assessments.assessmentsession"),)
