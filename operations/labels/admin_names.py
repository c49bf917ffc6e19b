"""The names of models, columns and apps on pages of the admin, in the language of the reader.

Django takes them from the code, in English. They are translated where they are shown, so that no migration
follows from a translation.
"""

from django.apps import apps
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy, gettext_noop

NAMES = (
    gettext_noop("Accounts"),
    gettext_noop("active"),
    gettext_noop("address"),
    gettext_noop("assessment"),
    gettext_noop("assessment session"),
    gettext_noop("assessment sessions"),
    gettext_noop("Assessments"),
    gettext_noop("attempt"),
    gettext_noop("authenticator"),
    gettext_noop("call of a webhook"),
    gettext_noop("calls of webhooks"),
    gettext_noop("checksum"),
    gettext_noop("completed at"),
    gettext_noop("contacts"),
    gettext_noop("created at"),
    gettext_noop("daily figure"),
    gettext_noop("default"),
    gettext_noop("description"),
    gettext_noop("difference"),
    gettext_noop("done at"),
    gettext_noop("e-mail"),
    gettext_noop("erased address"),
    gettext_noop("erasure"),
    gettext_noop("erasure id"),
    gettext_noop("erasure in HubSpot"),
    gettext_noop("erasures in HubSpot"),
    gettext_noop("event type"),
    gettext_noop("experiment"),
    gettext_noop("Experiments"),
    gettext_noop("experiments"),
    gettext_noop("expires at"),
    gettext_noop("export"),
    gettext_noop("Exports"),
    gettext_noop("exports"),
    gettext_noop("failures"),
    gettext_noop("file removal"),
    gettext_noop("finished at"),
    gettext_noop("format"),
    gettext_noop("full name"),
    gettext_noop("groups"),
    gettext_noop("hash"),
    gettext_noop("heartbeat"),
    gettext_noop("hubspot contact id"),
    gettext_noop("hubspot deal id"),
    gettext_noop("industry"),
    gettext_noop("key"),
    gettext_noop("kind"),
    gettext_noop("language"),
    gettext_noop("last attempt at"),
    gettext_noop("last login"),
    gettext_noop("lead"),
    gettext_noop("lead event"),
    gettext_noop("lead events"),
    gettext_noop("Leads"),
    gettext_noop("leads"),
    gettext_noop("login failures"),
    gettext_noop("Mail"),
    gettext_noop("mail"),
    gettext_noop("mails"),
    gettext_noop("map version"),
    gettext_noop("may enter the admin"),
    gettext_noop("message"),
    gettext_noop("metadata"),
    gettext_noop("minutes to answer"),
    gettext_noop("name"),
    gettext_noop("next try at"),
    gettext_noop("number"),
    gettext_noop("outages"),
    gettext_noop("password"),
    gettext_noop("place"),
    gettext_noop("previous"),
    gettext_noop("Privacy"),
    gettext_noop("published at"),
    gettext_noop("published by"),
    gettext_noop("questionnaire"),
    gettext_noop("questionnaire version"),
    gettext_noop("questionnaire versions"),
    gettext_noop("Questionnaires"),
    gettext_noop("questionnaires"),
    gettext_noop("queue item"),
    gettext_noop("queue items"),
    gettext_noop("reconciliation"),
    gettext_noop("reconciliations"),
    gettext_noop("Records"),
    gettext_noop("response"),
    gettext_noop("revision"),
    gettext_noop("rows done"),
    gettext_noop("scheduled publication"),
    gettext_noop("score band"),
    gettext_noop("scrub certificate"),
    gettext_noop("scrub certificates"),
    gettext_noop("scrubbed before HubSpot had them"),
    gettext_noop("secret"),
    gettext_noop("sent at"),
    gettext_noop("shape"),
    gettext_noop("staff session"),
    gettext_noop("started at"),
    gettext_noop("status"),
    gettext_noop("stopped at"),
    gettext_noop("stored file"),
    gettext_noop("superuser status"),
    gettext_noop("sync type"),
    gettext_noop("system log"),
    gettext_noop("system logs"),
    gettext_noop("test user"),
    gettext_noop("translations"),
    gettext_noop("user"),
    gettext_noop("users"),
    gettext_noop("variant"),
    gettext_noop("variants"),
    gettext_noop("visibility rule"),
    gettext_noop("webhook"),
    gettext_noop("Webhooks"),
    gettext_noop("webhooks"),
    gettext_noop("weight"),
    gettext_noop("wording"),
)


def translate_labels() -> None:
    """Have every name of our apps, their models and columns looked up in the catalogue when it is shown."""
    with translation.override(None):
        for app in apps.get_app_configs():
            if str(settings.BASE_DIR) != str(app.path).rpartition("/")[0]:
                continue
            app.verbose_name = gettext_lazy(str(app.verbose_name))
            for model in app.get_models():
                names = model._meta
                names.verbose_name = gettext_lazy(str(names.verbose_name))
                names.verbose_name_plural = gettext_lazy(str(names.verbose_name_plural))
                for field in names.local_fields:
                    field.verbose_name = gettext_lazy(str(field.verbose_name))
