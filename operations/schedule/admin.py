"""Admin of periodic tasks: last and next run, schedule, and "Run now"."""

from datetime import datetime, timedelta
from typing import Any

from celery import current_app
from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_celery_beat.admin import ClockedSchedule, SolarSchedule
from django_celery_beat.models import CrontabSchedule, IntervalSchedule, PeriodicTask
from kombu.exceptions import OperationalError
from unfold.admin import ModelAdmin
from unfold.decorators import action

from operations.schedule.words import crontab_in_words, default_in_words, interval_in_words, schedule_in_words
from queues.history import RUN_NOW, TranslatedHistory
from web.read_only_admin import ListedLookups, column

EXPIRES_SECONDS = 60.0  # expiry of a "Run now" message

for model in (PeriodicTask, CrontabSchedule, IntervalSchedule, ClockedSchedule, SolarSchedule):
    admin.site.unregister(model)


def next_run(task: PeriodicTask) -> datetime | None:
    """When beat sends the task next: now if it is overdue, None if it is disabled."""
    if not task.enabled:
        return None
    since = task.last_run_at or task.date_changed
    left: timedelta = task.schedule.remaining_estimate(since)
    return timezone.now() + max(left, timedelta())


class ScheduleForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for the type checker only
    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if bool(cleaned.get("interval")) == bool(cleaned.get("crontab")):
            raise ValidationError(_("Choose either an interval or a crontab."))
        return cleaned


@admin.register(PeriodicTask)
class PeriodicTaskAdmin(ListedLookups, TranslatedHistory, ModelAdmin):
    """Tasks are defined in code; operators can change their schedule and disable them."""

    form = ScheduleForm
    list_display = ("job", "enabled", "runs", "last_run_at", "next_run_at", "total_run_count")
    list_filter = ("enabled",)
    list_select_related = ("interval", "crontab", "solar", "clocked")
    ordering = ("name",)
    actions = ("run_now",)
    fields = ("job", "celery_task", "default", "enabled", "interval", "crontab", "last_run_at", "next_run_at")
    readonly_fields = ("job", "celery_task", "default", "last_run_at", "next_run_at")

    @column(gettext_lazy("Job"), ordering="name")
    def job(self, task: PeriodicTask) -> str:
        return _(task.name)

    @column(gettext_lazy("Celery task"))
    def celery_task(self, task: PeriodicTask) -> str:
        return task.task

    @column(gettext_lazy("Schedule"))
    def runs(self, task: PeriodicTask) -> str:
        return schedule_in_words(task)

    @column(gettext_lazy("Default"))
    def default(self, task: PeriodicTask) -> str:
        return default_in_words(task.description)

    @column(gettext_lazy("Next run"))
    def next_run_at(self, task: PeriodicTask) -> datetime | None:
        return next_run(task)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @action(description=gettext_lazy("Run now"), permissions=["change"])
    def run_now(self, request: HttpRequest, tasks: "QuerySet[PeriodicTask]") -> None:
        """Send the tasks to the workers immediately, without changing beat's schedule."""
        chosen = list(tasks)
        try:
            for task in chosen:
                current_app.send_task(task.task, retry=False, expires=EXPIRES_SECONDS)
        except OperationalError:
            words = _("Redis does not answer, so nothing was started. Try again in a minute.")
            messages.error(request, words)
            return
        LogEntry.objects.log_actions(str(request.user.pk), chosen, CHANGE, RUN_NOW)
        names = ", ".join(_(task.name) for task in chosen)
        messages.success(request, _("Sent to the workers: %(names)s.") % {"names": names})


@admin.register(CrontabSchedule)
class CrontabScheduleAdmin(ListedLookups, ModelAdmin):
    """Crontab schedules, added from the task's form."""

    list_display = ("__str__", "runs")
    fields = ("minute", "hour", "day_of_month", "month_of_year", "day_of_week", "timezone")

    @column(gettext_lazy("Schedule"))
    def runs(self, crontab: CrontabSchedule) -> str:
        return crontab_in_words(crontab)


@admin.register(IntervalSchedule)
class IntervalScheduleAdmin(ListedLookups, ModelAdmin):
    """Interval schedules, added from the task's form."""

    list_display = ("runs",)
    fields = ("every", "period")

    @column(gettext_lazy("Schedule"))
    def runs(self, interval: IntervalSchedule) -> str:
        return interval_in_words(interval)
