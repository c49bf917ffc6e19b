"""The score sandbox: what the draft of a questionnaire would have made of past answers."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from leads.figures.sandbox import MOST, Replay, replay_draft
from scorecard.definition import Definition
from scorecard.models import Questionnaire
from scorecard.problems import QuestionnaireErrors
from scorecard.versions import NothingPublished, live_keys

MAY = "scorecard.view_questionnaire"


class SandboxPage:
    """Mixin of the lead admin."""

    admin_site: Any

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("sandbox/", view(self.sandbox_view), name="leads_sandbox"),
            *super().get_urls(),  # type: ignore[misc]  # defined by ModelAdmin
        ]

    def sandbox_view(self, request: HttpRequest) -> HttpResponse:
        if not request.user.has_perm(MAY):
            raise PermissionDenied
        live = Questionnaire.objects.filter(key__in=live_keys()).order_by("key")
        chosen = live.filter(key=request.GET.get("questionnaire", "")).first() or live.first()
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "title": _("Score sandbox"),
            "questionnaires": live,
            "chosen": chosen,
            "most": MOST,
        }
        try:
            if chosen:
                found, draft, current = replay_draft(chosen)
                context |= {"replay": found, **compared(found, draft, current)}
        except QuestionnaireErrors as errors:
            context["problems"] = [str(problem) for problem in errors.problems]
        except (NothingPublished, LookupError) as error:
            context["problems"] = [str(error)]
        return render(request, "admin/leads/sandbox.html", context)


def compared(found: Replay, draft: Definition, current: Definition) -> dict[str, Any]:
    """The rows of the page: categories before and after, and moves, the most frequent first."""
    names = {band.key: band.name for band in (*current.bands, *draft.bands)}
    moves = [(pair, count) for pair, count in found.moves.most_common() if pair[0] != pair[1]]
    return {
        "categories": [(name, found.before[key], found.after[key]) for key, name in names.items()],
        "moves": [(names.get(old, old), names.get(new, new), count) for (old, new), count in moves],
        "mean_before": found.mean(found.total_before),
        "mean_after": found.mean(found.total_after),
    }
