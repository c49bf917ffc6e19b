"""Celery tasks of the assessments."""

from contextlib import suppress

from celery import shared_task
from constance import config
from dns.resolver import NoResolverConfiguration, Resolver

from assessments.bots.mail_servers import check_domains
from assessments.statistics import analytics


@shared_task
def sum_up_figures() -> None:
    analytics.sum_up()


@shared_task
def check_mail_domains() -> None:
    """Does nothing without a name server: no lead is marked for that."""
    if not config.MAIL_DOMAIN_CHECK_ENABLED:
        return
    with suppress(NoResolverConfiguration):
        check_domains(Resolver())
