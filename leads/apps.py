from django.apps import AppConfig

from web.backoffice import list_place


class LeadsConfig(AppConfig):
    name = "leads"
    verbose_name = "Leads"
    places = (list_place("Sales", 10, "Leads", "person_raised_hand", "leads.lead"),)
