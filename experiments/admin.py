"""Admin to create, start and stop experiments. The variants are read-only once an experiment has started."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from unfold.admin import ModelAdmin, TabularInline
from unfold.widgets import UnfoldAdminTextInputWidget

from accounts.models import User
from audit.models import SystemLog
from experiments.models import Experiment, Placement, Variant
from experiments.running import running_experiments
from web import gettext_noop
from web.backoffice import declarations
from web.read_only_admin import ListedLookups, column

HOW = gettext_lazy("Write at least two variants and save, then start it.")
MESSAGES = (gettext_noop("Started"), gettext_noop("Stopped"))  # as the log keeps them, translated when shown
STARTED, STOPPED = "experiment_started", "experiment_stopped"
STATE_COLORS = {"running": "success", "draft": "info"}


class VariantForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for the type checker only
    """One wording field per language; an empty one falls back to the product's own wording."""

    class Meta:
        model = Variant
        fields = ("key", "weight")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, __ in settings.LANGUAGES:
            self.fields[f"wording_{code}"].initial = self.instance.wording.get(code, "")
        for field in self.fields.values():  # screen readers do not use the table header as a label
            field.widget.attrs["aria-label"] = field.label

    def clean_weight(self) -> int:
        weight: int = self.cleaned_data["weight"]
        if not 1 <= weight <= 100:
            raise forms.ValidationError(_("A weight is a number from 1 to 100."))
        return weight

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        said = {code: " ".join(cleaned.get(f"wording_{code}", "").split()) for code, __ in settings.LANGUAGES}
        self.instance.wording = {code: words for code, words in said.items() if words}
        return cleaned


WORDING = {
    f"wording_{code}": forms.CharField(required=False, label=name, widget=UnfoldAdminTextInputWidget)
    for code, name in settings.LANGUAGES
}
WordedVariantForm = type("WordedVariantForm", (VariantForm,), dict(WORDING))


class VariantFormSet(forms.BaseInlineFormSet):  # type: ignore[type-arg]  # as above
    def clean(self) -> None:
        """Validate the length of each wording for its placement, with the error on its field."""
        super().clean()
        if self.instance.place not in Placement.values:
            return
        longest = Placement(self.instance.place).longest
        for form in self.forms:
            for code, words in form.instance.wording.items():
                if len(words) > longest:
                    form.add_error(
                        f"wording_{code}",
                        _("At most %(longest)d characters fit there.") % {"longest": longest},
                    )


class VariantInline(TabularInline):
    model = Variant
    form = WordedVariantForm
    formset = VariantFormSet
    extra = 2
    readonly_fields = ("words",)

    def get_fields(self, request: HttpRequest, obj: Experiment | None = None) -> tuple[str, ...]:
        return ("key", "weight", *WORDING) if is_draft(obj) else ("key", "weight", "words")

    @column(gettext_lazy("Wording"))
    def words(self, variant: Variant) -> str:
        said = [f"{code}: {words}" for code, words in variant.wording.items()]
        return ", ".join(said) or _("The product's own words")

    def has_change_permission(self, request: HttpRequest, obj: Experiment | None = None) -> bool:
        return is_draft(obj) and super().has_change_permission(request, obj)

    def has_add_permission(self, request: HttpRequest, obj: Experiment | None = None) -> bool:
        return is_draft(obj) and super().has_add_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Experiment | None = None) -> bool:
        return is_draft(obj) and super().has_delete_permission(request, obj)


def is_draft(experiment: Experiment | None) -> bool:
    return experiment is None or experiment.started_at is None


def is_running(experiment: Experiment) -> bool:
    return not is_draft(experiment) and experiment.stopped_at is None


def record(experiment: Experiment, event: str, message: str, request: HttpRequest) -> None:
    SystemLog.objects.record(event, message, experiment=experiment.key, asked_by=f"staff {request.user.pk}")


def recorded(experiment: Experiment) -> list[SystemLog]:
    """Who started and stopped it, the latest first; `who` is on each."""
    found = SystemLog.objects.filter(event_type__in=(STARTED, STOPPED), data__experiment=experiment.key)
    return [with_name(entry) for entry in found[:10]]


def with_name(entry: Any) -> Any:
    user = User.everyone.filter(pk=entry.data.get("asked_by", "").removeprefix("staff ")).first()
    entry.who = user.get_full_name() if user else _("somebody who has left")
    return entry


@admin.register(Experiment)
class ExperimentAdmin(ListedLookups, ModelAdmin):
    list_display = ("key", "place", "questionnaire", "state", "seen", "started_at", "stopped_at")
    inlines = (VariantInline,)
    actions = ("start", "stop")
    ordering = ("-created_at",)
    change_form_outer_before_template = "admin/experiments/experiment/run.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Experiment]:
        return Experiment.objects.annotate(times_seen=Count("variants__exposures"))

    def get_fieldsets(self, request: HttpRequest, obj: Experiment | None = None) -> Any:
        how = {"description": HOW} if is_draft(obj) else {}
        return ((None, {"fields": ("key", "place", "questionnaire"), **how}),)

    def has_change_permission(self, request: HttpRequest, obj: Experiment | None = None) -> bool:
        return is_draft(obj) and bool(super().has_change_permission(request, obj))

    def has_delete_permission(self, request: HttpRequest, obj: Experiment | None = None) -> bool:
        return is_draft(obj) and bool(super().has_delete_permission(request, obj))

    @column(gettext_lazy("State"), labels=STATE_COLORS)
    def state(self, experiment: Experiment) -> tuple[str, str]:
        if is_draft(experiment):
            return "draft", _("Draft")
        return ("stopped", _("Stopped")) if experiment.stopped_at else ("running", _("Running"))

    @column(gettext_lazy("People who saw it"))
    def seen(self, experiment: Any) -> int:
        return int(experiment.times_seen)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<int:key>/start/", view(self.start_view), name="experiments_experiment_start"),
            path("<int:key>/stop/", view(self.stop_view), name="experiments_experiment_stop"),
            *super().get_urls(),
        ]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], **options: Any
    ) -> HttpResponse:
        """Add the result, the button that starts or stops, and who did so."""
        if experiment := options.get("obj"):
            may_change = bool(super().has_change_permission(request))
            context |= {
                "panels": [
                    (panel.template, import_string(panel.context)(experiment))
                    for panel in declarations("experiment_panels")
                ],
                "may_start": may_change and is_draft(experiment),
                "may_stop": may_change and is_running(experiment),
                "problems": experiment.problems() if is_draft(experiment) else [],
                "record": recorded(experiment),
            }
        return super().render_change_form(request, context, **options)

    @method_decorator(require_POST)
    def start_view(self, request: HttpRequest, key: int) -> HttpResponse:
        return self.act(request, key, self.start)

    @method_decorator(require_POST)
    def stop_view(self, request: HttpRequest, key: int) -> HttpResponse:
        return self.act(request, key, self.stop)

    def act(
        self, request: HttpRequest, key: int, action: Callable[[HttpRequest, QuerySet[Experiment]], None]
    ) -> HttpResponse:
        if not super().has_change_permission(request):
            raise PermissionDenied
        get_object_or_404(Experiment, pk=key)
        action(request, Experiment.objects.filter(pk=key))
        return redirect("admin:experiments_experiment_change", key)

    @admin.action(description=gettext_lazy("Start"), permissions=["change"])
    def start(self, request: HttpRequest, queryset: QuerySet[Experiment]) -> None:
        for experiment in queryset:
            if problems := experiment.problems():
                self.message_user(request, f"{experiment.key}: {' '.join(problems)}", messages.ERROR)
                continue
            try:
                with transaction.atomic():
                    experiment.start()
                    record(experiment, STARTED, MESSAGES[0], request)
            except IntegrityError:  # another one was started concurrently at this placement
                self.message_user(
                    request,
                    _("%(key)s: another experiment runs at the same place.") % {"key": experiment.key},
                    messages.ERROR,
                )
            else:
                self.message_user(request, _("%(key)s runs.") % {"key": experiment.key}, messages.SUCCESS)
        running_experiments.forget()

    @admin.action(description=gettext_lazy("Stop: back to the product's own words"), permissions=["change"])
    def stop(self, request: HttpRequest, queryset: QuerySet[Experiment]) -> None:
        for experiment in queryset.filter(started_at__isnull=False, stopped_at__isnull=True):
            with transaction.atomic():
                experiment.stop()
                record(experiment, STOPPED, MESSAGES[1], request)
            self.message_user(request, _("%(key)s is stopped.") % {"key": experiment.key}, messages.SUCCESS)
        running_experiments.forget()
