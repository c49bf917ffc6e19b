"""Celery tasks of the assessments."""

from contextlib import suppress

from celery import shared_task
from constance import config
from dns.resolver import NoResolverConfiguration, Resolver

from assessments.bots.mail_servers import check_domains
from assessments.lifecycle import consents, ended_sessions, uploads
from assessments.statistics import view_counting
from assessments.statistics.coarsening import coarsen
from files.removal import remove_files
from queues.database_clock import database_now


@shared_task
def sum_up_figures() -> None:
    coarsen(database_now())


@shared_task
def write_views() -> None:
    view_counting.write_counted_views()


@shared_task
def announce_ended_sessions() -> None:
    ended_sessions.announce_ended_sessions()


@shared_task
def compare_contact_choices() -> None:
    consents.correct_contact_choices()


@shared_task
def check_mail_domains() -> None:
    """Mark leads whose domain accepts no mail; without a name server it does nothing and marks none."""
    if not config.MAIL_DOMAIN_CHECK_ENABLED:
        return
    with suppress(NoResolverConfiguration):
        check_domains(Resolver())


@shared_task
def clean_up_uploads() -> None:
    """Delete files that no answer names, and remove the content of what was deleted."""
    uploads.remove_unattached()
    remove_files()
