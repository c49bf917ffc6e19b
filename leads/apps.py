from django.apps import AppConfig

from web.backoffice import Panel, list_place


class LeadsConfig(AppConfig):
    name = "leads"
    verbose_name = "Leads"
    home_panels = (Panel("admin/leads/team.html", "leads.team.team_panel", "leads.assign_lead"),)
    places = (list_place("Sales", 10, "Leads", "person_raised_hand", "leads.lead"),)
