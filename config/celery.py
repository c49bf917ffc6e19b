"""The Celery application and the beat schedule.

Messages only wake up workers; the work itself is in PostgreSQL. A lost message delays work by one interval,
and a duplicate costs one empty query.
"""

import os
from typing import Any

from celery import Celery, Task
from celery.schedules import crontab
from celery.signals import beat_init, celeryd_init, task_prerun
from django.db import close_old_connections

from config.postgresql.pooler import refuse_unfit_pooler
from web import gettext_noop as _

os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"  # whatever another project set
# A release is checked by `migrate` and `check --deploy`; in a worker the checks would load all pages.
os.environ.setdefault("CELERY_SKIP_CHECKS", "1")

app = Celery("config")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


def drop_stale_connections(task: Task, **kwargs: Any) -> None:
    """Drop stale connections, as Django does before a request: after a restart at most one task fails."""
    if not task.request.is_eager:
        close_old_connections()


def refuse_to_start(**kwargs: Any) -> None:
    refuse_unfit_pooler()


task_prerun.connect(drop_stale_connections)
celeryd_init.connect(refuse_to_start)
beat_init.connect(refuse_to_start)

# The defaults that `migrate` writes to the database: see operations/schedule/defaults.py.
# Every task is idempotent and processes whatever is due, so the next run makes up for a missed one.
# A message expires within its own period, so that none pile up during an outage of Redis.
app.conf.beat_schedule = {
    _("hubspot_sync: deliver what is due"): {
        "task": "hubspot_sync.tasks.deliver_due",
        "schedule": 5.0,
        "options": {"expires": 4.0},
    },
    _("mailings: send what is due"): {
        "task": "mailings.tasks.send_due",
        "schedule": 15.0,
        "options": {"expires": 14.0},
    },
    _("webhooks: tell of new leads"): {
        "task": "webhooks.tasks.call_due",
        "schedule": 15.0,
        "options": {"expires": 14.0},
    },
    _("exports: write what was ordered"): {
        "task": "exports.tasks.write_due",
        "schedule": 30.0,
        "options": {"expires": 29.0},
    },
    _("leads: build what the search reads"): {
        "task": "leads.tasks.build_search_pages",
        "schedule": 300.0,
        "options": {"expires": 290.0},
    },
    _("leads: mail last week's summary"): {
        "task": "leads.tasks.mail_weekly_summary",
        "schedule": crontab(minute="3", hour="5-11", day_of_week="1"),
        "options": {"expires": 3000.0},
    },
    # Processes one slice per minute until the nightly comparison is finished, then does nothing.
    _("hubspot_sync: compare with HubSpot"): {
        "task": "hubspot_sync.tasks.reconcile_nightly",
        "schedule": 60.0,
        "options": {"expires": 50.0},
    },
    _("operations: examine the product"): {
        "task": "operations.tasks.examine",
        "schedule": 60.0,
        "options": {"expires": 50.0},
    },
    _("operations: delete test users that have expired"): {
        "task": "operations.tasks.delete_expired_test_users",
        "schedule": 300.0,
        "options": {"expires": 290.0},
    },
    _("operations: reset the test users that stay"): {
        "task": "operations.tasks.reset_test_users",
        "schedule": crontab(hour="3", minute="42"),
        "options": {"expires": 3000.0},
    },
    _("backups: look whether one was proved"): {
        "task": "backups.tasks.watch_backups",
        "schedule": crontab(minute="27"),
        "options": {"expires": 3000.0},
    },
    _("assessments: add the day's counts together"): {
        "task": "assessments.tasks.sum_up_figures",
        "schedule": crontab(minute="17"),
        "options": {"expires": 3000.0},
    },
    _("assessments: write the views of the landing page"): {
        "task": "assessments.tasks.write_views",
        "schedule": 60.0,
        "options": {"expires": 50.0},
    },
    _("assessments: announce leads whose session has ended"): {
        "task": "assessments.tasks.announce_ended_sessions",
        "schedule": 60.0,
        "options": {"expires": 50.0},
    },
    _("assessments: compare the leads' copies of consents with the log"): {
        "task": "assessments.tasks.compare_contact_choices",
        "schedule": crontab(minute="12"),
        "options": {"expires": 3000.0},
    },
    _("assessments: look up the domains of new leads"): {
        "task": "assessments.tasks.check_mail_domains",
        "schedule": 60.0,
        "options": {"expires": 50.0},
    },
    _("assessments: remove files that are no longer needed"): {
        "task": "assessments.tasks.clean_up_uploads",
        "schedule": 300.0,
        "options": {"expires": 290.0},
    },
    _("scorecard: publish what is scheduled"): {
        "task": "scorecard.tasks.publish_due",
        "schedule": 30.0,
        "options": {"expires": 25.0},
    },
    _("privacy: scrub what is past its retention"): {
        "task": "privacy.tasks.scrub",
        "schedule": crontab(minute="7"),
        "options": {"expires": 3000.0},
    },
    _("privacy: look for leads that will be scrubbed undelivered"): {
        "task": "privacy.tasks.watch_deliveries",
        "schedule": crontab(minute="52"),
        "options": {"expires": 3000.0},
    },
    _("privacy: delete old tests"): {
        "task": "privacy.tasks.delete_old_tests",
        "schedule": crontab(minute="22"),
        "options": {"expires": 3000.0},
    },
    _("privacy: clean up expired sessions"): {
        "task": "privacy.tasks.cleanup_sessions",
        "schedule": crontab(minute="37"),
        "options": {"expires": 3000.0},
    },
}
