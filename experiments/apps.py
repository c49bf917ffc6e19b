from django.apps import AppConfig

from web.backoffice import list_place


class ExperimentsConfig(AppConfig):
    name = "experiments"
    verbose_name = "Experiments"
    places = (list_place("Form", 20, "Experiments", "experiment", "experiments.experiment"),)
