"""Records of what the system did, and tables that contain no personal data."""

from privacy.datamap.columns import authored_json, impersonal
from privacy.datamap.vocabulary import Table
from web import gettext_noop as _

RECORDS = {
    "system_logs": Table(
        _("What the system did: counts and times, never values"),
        impersonal("id", "event_type", "message", "created_at") | authored_json("data"),
    ),
    "scrub_certificates": Table(
        _("What each scrub cleared: counts, never values, chained so that none can be changed unseen"),
        impersonal("id", "started_at", "touched_at", "finished_at", "complete", "unconfirmed")
        | impersonal("map_version", "number", "previous", "hash")
        | authored_json("cutoffs", "counts"),
    ),
    "django_celery_beat_periodictask": Table(
        _("Which job runs when; no job has arguments"),
        impersonal("id", "name", "task", "args", "kwargs", "headers", "description", "enabled", "one_off")
        | impersonal("interval_id", "crontab_id", "solar_id", "clocked_id", "start_time", "expires")
        | impersonal("expire_seconds", "queue", "exchange", "routing_key", "priority")
        | impersonal("last_run_at", "total_run_count", "date_changed"),
    ),
}

# Tables that contain no personal data.
WITHOUT_PEOPLE = frozenset(
    {
        "auth_group",  # role names
        "auth_group_permissions",
        "auth_permission",
        "django_content_type",
        "django_celery_beat_clockedschedule",
        "django_celery_beat_crontabschedule",
        "django_celery_beat_intervalschedule",
        "django_celery_beat_periodictasks",  # time of the last schedule change
        "django_celery_beat_solarschedule",
        "django_migrations",
        "heartbeats",  # when a worker last ran a task
        "mail_line",  # whether sending is paused, and why
    }
)
