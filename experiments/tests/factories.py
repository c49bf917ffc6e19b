"""Experiments for tests."""

from django.utils import timezone

from experiments.models import Experiment, Placement, Variant
from experiments.running import running_experiments


def experiment(
    place: Placement = Placement.LANDING_HEADLINE,
    *,
    key: str = "headline",
    is_running: bool = True,
    **wording: str,
) -> Experiment:
    """One with a variant in our own words and one, `b`, that says these in these languages."""
    made = Experiment.objects.create(key=key, place=place, started_at=timezone.now() if is_running else None)
    Variant.objects.create(experiment=made, key="a")
    Variant.objects.create(experiment=made, key="b", wording=wording or {"en": "Other words"})
    running_experiments.forget()
    return made
