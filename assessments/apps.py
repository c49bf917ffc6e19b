from django.apps import AppConfig

from web.backoffice import list_place


class AssessmentsConfig(AppConfig):
    name = "assessments"
    verbose_name = "Assessments"
    places = (list_place("Form", 10, "In progress", "hourglass_top", "assessments.assessmentsession"),)
