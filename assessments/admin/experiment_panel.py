"""The result of an A/B test on its page: what viewers of each variant did, and what follows."""

from datetime import timedelta
from typing import Any

from django.db.models import Sum
from django.utils import timezone
from django.utils.formats import get_format
from django.utils.translation import gettext as _

from assessments.qualification import LeadQuality
from assessments.statistics.figure import STARTED, UNKNOWN, DailyFigure, Figure
from experiments.evaluation import Arm, evaluate
from experiments.models import Exposure
from experiments.verdict import HOW, Points, Sentence, in_points, verdict

LEAST_DAYS = 1.0  # the pace of a test that has just begun is no pace


def result(experiment: Any) -> dict[str, Any]:
    """The context of `result.html`; {} before the start. Three queries."""
    if experiment.started_at is None:
        return {}
    end = experiment.stopped_at or timezone.now()
    days = max(LEAST_DAYS, (end - experiment.started_at) / timedelta(days=1))
    found = evaluate(arms_of(experiment), days)
    differences = {each.arm.key: in_words(in_points(each)) for each in found.differences}
    return {
        "arms": [(arm, differences.get(arm.key, "")) for arm in found.arms],
        "verdict": in_words(verdict(found, has_ended=bool(experiment.stopped_at))),
        "may_stop": found.may_stop and not experiment.stopped_at,
        "split": found.split,
        "days": round(days),
        "how": in_words(HOW),
    }


def in_words(sentence: Sentence) -> str:
    """The sentence in the language of whoever looks, with its decimal mark."""
    mark = get_format("DECIMAL_SEPARATOR")
    return _(sentence.words) % {
        name: str(value).replace(".", mark) if isinstance(value, Points) else value
        for name, value in sentence.values.items()
    }


def arms_of(experiment: Any) -> list[Arm]:
    """The variants, the oldest first, with what those did who saw them. Marked assessments do not count."""
    variants = list(experiment.variants.order_by("pk"))
    views: dict[int, int] = dict(
        Exposure.objects.filter(variant__in=variants)
        .values_list("variant")
        .annotate(count=Sum(1))
        .values_list("variant", "count")
    )
    names = [f"{experiment.key}:{variant.key}" for variant in variants]
    rows = DailyFigure.objects.filter(figure=Figure.EXPERIMENT, name__in=names).values_list("name", "part")
    counts = {(name, part): count for name, part, count in rows.annotate(count=Sum("assessments"))}
    finished = (UNKNOWN, *LeadQuality)
    return [
        Arm(
            variant.key,
            variant.weight,
            views.get(variant.pk, 0),
            counts.get((name, STARTED), 0),
            sum(counts.get((name, part), 0) for part in finished),
            counts.get((name, LeadQuality.EXECUTIVE_BRIEFING_QUALIFIED), 0),
        )
        for variant, name in zip(variants, names, strict=True)
    ]
