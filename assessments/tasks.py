"""The jobs of the form's own."""

from contextlib import suppress

from celery import shared_task
from constance import config
from dns.resolver import NoResolverConfiguration, Resolver

from assessments.bots.mail_servers import check_due
from assessments.statistics import analytics


@shared_task
def sum_up_figures() -> None:
    analytics.sum_up()


@shared_task
def check_mail_domains() -> None:
    """Without a name server there is nobody to ask, and no lead is doubted for it."""
    if not config.MAIL_DOMAIN_CHECK_ENABLED:
        return
    with suppress(NoResolverConfiguration):
        check_due(Resolver())
