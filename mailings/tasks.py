"""Celery task that sends due mails. It takes no arguments."""

import logging
import time

from celery import shared_task
from constance import config
from django.conf import settings

from mailings import line
from mailings.delivery import LineHeld, deliver_next

WORK_SECONDS = 25.0  # then the next task continues: below the soft time limit with room for one mail

logger = logging.getLogger(__name__)


@shared_task
def send_due() -> None:
    """Send mails until none is due, the line is paused, or the time is up."""
    if not (config.EMAIL_DELIVERY_ENABLED and settings.MAIL_IS_SET_UP) or line.is_held():
        return
    until = time.monotonic() + WORK_SECONDS
    try:
        while time.monotonic() < until and deliver_next():
            pass
    except LineHeld as error:
        logger.warning("Mails wait: %s", error)
