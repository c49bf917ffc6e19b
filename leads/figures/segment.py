"""Which assessments a figure counts: of a period, a segment, with or without marked ones."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet

from assessments.models import Assessment
from leads.figures.period import Span

SEGMENTS: Mapping[str, Callable[[str], Q]] = {
    "questionnaire": lambda value: Q(version__questionnaire__key=value),
    "source": lambda value: Q(referrer_source=None if value == "-" else value),
    "campaign": lambda value: Q(utm__utm_campaign=value),
    "language": lambda value: Q(language=value),
    "device": lambda value: Q(browser_info__device=value),
    "variant": lambda value: variant(value),
    "quality": lambda value: Q(lead_quality=value) if value != "-" else Q(lead_quality=None),
}


def variant(value: str) -> Q:
    """`experiment:variant`."""
    experiment, _, name = value.partition(":")
    return Q(variants__contains={experiment: name})


@dataclass(frozen=True, slots=True)
class Segment:
    """`values` by the names of SEGMENTS, several for one name; `marked`: doubtful ones count too."""

    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    marked: bool = False

    def assessments(self, span: Span) -> QuerySet[Assessment, Any]:
        found = Assessment.objects.filter(created_at__gte=span.start, created_at__lt=span.end)
        for name, values in self.values.items():
            wanted = Q(pk__in=[])
            for value in values:
                wanted |= SEGMENTS[name](value)
            found = found.filter(wanted)
        return found if self.marked else found.filter(doubts=[])

    def left_out(self, span: Span) -> int:
        """How many marked ones are not counted."""
        if self.marked:
            return 0
        return Segment(self.values, marked=True).assessments(span).exclude(doubts=[]).count()
