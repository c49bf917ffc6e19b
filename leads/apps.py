from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from web.backoffice import Panel, Place, list_place


class LeadsConfig(AppConfig):
    name = "leads"
    reads_may_lag = True  # web/databases/replica.py
    verbose_name = "Leads"
    home_panels = (
        Panel("admin/leads/home.html", "leads.admin.home_panel.home_panel", "leads.work_lead", wide=True),
        Panel("admin/leads/team.html", "leads.team.team_panel", "leads.assign_lead"),
    )
    places = (
        list_place("Sales", 10, _("Leads"), "person_raised_hand", "leads.lead"),
        Place("Sales", 15, _("Figures"), "bar_chart", "admin:leads_figures", "leads.view_lead"),
        Place(
            "Form", 35, _("Score sandbox"), "science", "admin:leads_sandbox", "scorecard.view_questionnaire"
        ),
    )
