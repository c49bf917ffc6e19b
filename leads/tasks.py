"""Celery tasks of sales. They take no arguments."""

from celery import shared_task
from django.utils import timezone

from leads.figures.weekly import send_weekly_summary
from leads.search_pages import build_missing_pages


@shared_task
def mail_weekly_summary() -> None:
    """Mail the summary of last week, unless it has been mailed."""
    send_weekly_summary(timezone.now())


@shared_task
def build_search_pages() -> None:
    """Build what the search reads, for hours that have ended or whose leads were changed."""
    build_missing_pages()
