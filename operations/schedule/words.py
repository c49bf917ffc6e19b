"""When a job runs, in the language of the reader."""

import re

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_celery_beat.models import CrontabSchedule, IntervalSchedule, PeriodicTask

from operations.schedule.defaults import MARK

INTERVAL = re.compile(r"every (\d+) seconds")
CRONTAB = re.compile(r"(\S+) (\S+) (\S+) (\S+) (\S+) \(m/h/dM/MY/d\) (\S+)")
EVERY = "*"


def schedule_in_words(task: PeriodicTask) -> str:
    """The schedule of the task; of another kind than interval and crontab as its library says it."""
    if task.interval:
        return interval_in_words(task.interval)
    return crontab_in_words(task.crontab) if task.crontab else str(task.scheduler or "-")


def default_in_words(description: str) -> str:
    """The schedule of the code; `description` is as `migrate` wrote it, in English."""
    schedule = description.removeprefix(MARK)
    if found := INTERVAL.fullmatch(schedule):
        return interval_in_words(IntervalSchedule(every=int(found[1]), period=IntervalSchedule.SECONDS))
    if found := CRONTAB.fullmatch(schedule):
        minute, hour, day, month, weekday, zone = found.groups()
        return crontab_in_words(
            CrontabSchedule(
                minute=minute,
                hour=hour,
                day_of_month=day,
                month_of_year=month,
                day_of_week=weekday,
                timezone=zone,
            )
        )
    return schedule or "-"


def interval_in_words(interval: IntervalSchedule) -> str:
    count = interval.every
    words = {
        IntervalSchedule.DAYS: ngettext("every day", "every %(count)s days", count),
        IntervalSchedule.HOURS: ngettext("every hour", "every %(count)s hours", count),
        IntervalSchedule.MINUTES: ngettext("every minute", "every %(count)s minutes", count),
        IntervalSchedule.SECONDS: ngettext("every second", "every %(count)s seconds", count),
        IntervalSchedule.MICROSECONDS: ngettext("every microsecond", "every %(count)s microseconds", count),
    }
    return words[interval.period] % {"count": count}


def crontab_in_words(crontab: CrontabSchedule) -> str:
    """`daily at 03:42 UTC`, `each hour at minute 7`; any other in the notation of cron, with its zone."""
    days = (crontab.day_of_month, crontab.month_of_year, crontab.day_of_week)
    minute, hour, zone = crontab.minute, crontab.hour, str(crontab.timezone)
    if set(days) == {EVERY} and minute.isdecimal():
        if hour == EVERY:
            return _("each hour at minute %(minute)s") % {"minute": minute}
        if hour.isdecimal():
            time = f"{int(hour):02}:{int(minute):02}"
            return _("daily at %(time)s %(zone)s") % {"time": time, "zone": zone}
    return " ".join((minute, hour, *days, zone))
