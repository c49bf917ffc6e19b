"""The figures of a period as a page and as JSON, under the list of leads."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.statistics.dictionary import NUMBERS, TABLES, Metric
from leads.figures.counting import figures_of
from leads.figures.landing import views_in
from leads.figures.names import DEVICES
from leads.figures.period import Span, read_span
from leads.figures.segment import SEGMENTS, Segment
from leads.figures.tables import leads_of_stage, table_rows
from leads.figures.words import shown
from web.backoffice import declarations
from web.databases.replica import data_age, may_lag

HOW_TO_WRITE = gettext_lazy("Write days as 2026-11-28, or months as 2026-11.")
COMPARED = {
    "": gettext_lazy("nothing"),
    "before": gettext_lazy("the period before"),
    "year": gettext_lazy("the year before"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address of the page asks for. `problem`: why it cannot be read; then the last 30 days."""

    span: Span
    segment: Segment
    compare: str
    problem: str = ""

    @property
    def other(self) -> Span | None:
        """The period to compare with."""
        return {"before": self.span.before, "year": self.span.year_before}.get(self.compare, lambda: None)()


def asked(query: QueryDict) -> Asked:
    values = {
        name: tuple(value.replace("\x00", "") for value in query.getlist(name) if value)
        for name in SEGMENTS
        if query.get(name)
    }
    segment = Segment(values, marked=query.get("marked") == "1")
    compare = query.get("compare", "")
    compare = compare if compare in COMPARED else ""
    today = timezone.now().date()
    try:
        span = read_span(query.get("from", ""), query.get("until", ""), today)
    except (ValueError, OverflowError) as error:
        words = _(str(error)) if str(error).startswith("The period") else str(HOW_TO_WRITE)
        return Asked(read_span("", "", today), segment, compare, words)
    return Asked(span, segment, compare)


@may_lag
def computed(wanted: Asked) -> dict[str, Any]:
    """The figures as JSON values, with their definitions and those of the period compared.

    `views_unknown` says why views of the landing page are null. `age_seconds` is null for figures of now,
    otherwise the age of the replica that they were read from.
    """
    other = wanted.other
    views = views_in(wanted.span, wanted.segment)
    return {
        "age_seconds": data_age(),
        "from": wanted.span.first.isoformat(),
        "until": wanted.span.last.isoformat(),
        "segment": {name: list(values) for name, values in wanted.segment.values.items()},
        "left_out": wanted.segment.left_out(wanted.span),
        "views_unknown": views.unknown,
        "figures": figures_of(wanted.span, wanted.segment, views),
        "compared": other
        and {
            "from": other.first.isoformat(),
            "until": other.last.isoformat(),
            "figures": figures_of(other, wanted.segment),
        },
        "definitions": {key: _(metric.definition) for key, metric in {**NUMBERS, **TABLES}.items()},
    }


class FiguresPage:
    """Mixin of the lead admin."""

    admin_site: Any

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("figures/", view(self.figures_view), name="leads_figures"),
            path("figures.json", view(self.figures_json), name="leads_figures_json"),
            *super().get_urls(),  # type: ignore[misc]  # defined by ModelAdmin
        ]

    def figures_view(self, request: HttpRequest) -> HttpResponse:
        self.require_view(request)
        wanted = asked(request.GET)
        found = computed(wanted)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Figures"),
            "asked": wanted,
            "compared_with": COMPARED,
            "left_out": found["left_out"],
            "numbers": list(number_rows(found, wanted)),
            "tables": list(table_rows(found, wanted.span, wanted.segment)),
            "nothing": not (found["figures"]["started"] or found["figures"]["viewed"]),
            "options": options(wanted),
            "other": wanted.other,
            "views_unknown": found["views_unknown"],
            "age_seconds": found["age_seconds"],
            "query": request.GET.urlencode(),
            "without_marked": not wanted.segment.marked,
            "links": [
                (link.title, f"{reverse(link.url_name, args=link.arguments)}?{request.GET.urlencode()}")
                for link in declarations("figures_links")
                if request.user.has_perm(link.permission)
            ],
        }
        return render(request, "admin/leads/figures.html", context)

    def figures_json(self, request: HttpRequest) -> JsonResponse:
        self.require_view(request)
        wanted = asked(request.GET)
        if wanted.problem:
            return JsonResponse({"error": wanted.problem}, status=422)
        return JsonResponse(computed(wanted))

    def require_view(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):  # type: ignore[attr-defined]  # ModelAdmin's
            raise PermissionDenied


def number_rows(found: Mapping[str, Any], wanted: Asked) -> Iterator[tuple[Metric, str, str, str, str, str]]:
    """Yield (metric, value, value compared, change in words, tone, link to its leads)."""
    compared = found["compared"]
    for key, metric in NUMBERS.items():
        now = found["figures"][key]
        before = compared["figures"][key] if compared else None
        change, tone = changed(now, before, metric)
        earlier = shown(before, metric.unit) if compared else ""
        link = leads_of_stage(key, wanted.span, wanted.segment) if now else ""
        yield metric, shown(now, metric.unit), earlier, change, tone, link


def changed(now: float | None, before: float | None, metric: Metric) -> tuple[str, str]:
    """The change in words and its tone: good, bad or ''."""
    if now is None or not before:
        return "", ""
    if metric.unit == "%":
        words = _("%(points)s points") % {"points": signed(now - before, 1)}
        risen = now - before
    else:
        words, risen = f"{signed(100 * (now - before) / before, 0)} %", now - before
    if metric.more_is_better is None or not risen:
        return words, ""
    return words, "good" if (risen > 0) is metric.more_is_better else "bad"


def signed(value: float, places: int) -> str:
    """`+1.5`, in the active language."""
    words = f"{value:+.{places}f}"
    return words[0] + number_format(Decimal(words[1:]), places)


def options(wanted: Asked) -> list[tuple[str, str, str, list[tuple[str, str]]]]:
    """[(name, label, chosen value, choices)] of the segments of the form.

    Other values may stand in the address.
    """
    from_list: dict[str, list[tuple[str, str]]] = {
        "language": [(code, str(name)) for code, name in settings.LANGUAGES],
        "device": [(device, str(label)) for device, label in DEVICES.items() if device != "bot"],
    }
    return [
        (name, _(name), ", ".join(wanted.segment.values.get(name, ())), from_list.get(name, []))
        for name in SEGMENTS
    ]
