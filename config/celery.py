"""The Celery application and the beat schedule.

Celery wakes workers; PostgreSQL remembers. Every task finds its work in the database, so a message
that is lost costs one interval and a message that comes twice costs one empty query.
"""

import os
from typing import Any

from celery import Celery, Task
from celery.schedules import crontab
from celery.signals import task_prerun
from django.db import close_old_connections

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

# Celery would prefer these to REDIS_URL; they are somebody else's.
for name in ("CELERY_BROKER_URL", "CELERY_BROKER_READ_URL", "CELERY_BROKER_WRITE_URL"):
    os.environ.pop(name, None)

app = Celery("config")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


def drop_stale_connections(task: Task, **kwargs: Any) -> None:
    """What Django does before each request: a restart of PostgreSQL fails no task but the one it hits."""
    if not task.request.is_eager:
        close_old_connections()


task_prerun.connect(drop_stale_connections)

# The defaults that `migrate` writes to the database: see operations/schedule/defaults.py.
# Every job works on whatever is due: the next run makes up for a missed one, and a second run does no harm.
# A message expires within its own period: after an outage of Redis none piles up.
app.conf.beat_schedule = {
    "hubspot_sync: deliver what is due": {
        "task": "hubspot_sync.tasks.deliver_due",
        "schedule": 5.0,
        "options": {"expires": 4.0},
    },
    "mailings: send what is due": {
        "task": "mailings.tasks.send_due",
        "schedule": 15.0,
        "options": {"expires": 14.0},
    },
    # Nothing to do once the comparison of the night is finished; until then a slice each minute.
    "hubspot_sync: compare with HubSpot": {
        "task": "hubspot_sync.tasks.reconcile_nightly",
        "schedule": 60.0,
        "options": {"expires": 50.0},
    },
    "assessments: add the day's counts together": {
        "task": "assessments.tasks.sum_up_figures",
        "schedule": crontab(minute="17"),
        "options": {"expires": 3000.0},
    },
    "assessments: announce leads whose session has ended": {
        "task": "assessments.tasks.announce_ended_sessions",
        "schedule": 60.0,
        "options": {"expires": 50.0},
    },
    "assessments: look up the domains of new leads": {
        "task": "assessments.tasks.check_mail_domains",
        "schedule": 60.0,
        "options": {"expires": 50.0},
    },
    "privacy: scrub what is past its retention": {
        "task": "privacy.tasks.scrub",
        "schedule": crontab(minute="7"),
        "options": {"expires": 3000.0},
    },
    "privacy: look for leads that will be scrubbed undelivered": {
        "task": "privacy.tasks.watch_deliveries",
        "schedule": crontab(minute="52"),
        "options": {"expires": 3000.0},
    },
    "privacy: clean up expired sessions": {
        "task": "privacy.tasks.cleanup_sessions",
        "schedule": crontab(minute="37"),
        "options": {"expires": 3000.0},
    },
}
