from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from web.backoffice import list_place


class ExperimentsConfig(AppConfig):
    name = "experiments"
    verbose_name = "Experiments"
    places = (list_place("Form", 20, _("Experiments"), "experiment", "experiments.experiment"),)
