"""Experiments for tests."""

# factory-boy annotates create(), but not its declarations:
# mypy: disable-error-code="no-untyped-call"

from django.utils import timezone
from factory.declarations import Sequence, SubFactory
from factory.django import DjangoModelFactory

from experiments.models import Experiment, Exposure, Placement, Variant
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


class ExperimentFactory(DjangoModelFactory[Experiment]):
    class Meta:
        model = Experiment

    key = Sequence(lambda number: f"experiment-{number}")
    place = Placement.LANDING_HEADLINE


class VariantFactory(DjangoModelFactory[Variant]):
    class Meta:
        model = Variant

    experiment = SubFactory(ExperimentFactory)
    key = Sequence(lambda number: f"variant-{number}")


class ExposureFactory(DjangoModelFactory[Exposure]):
    class Meta:
        model = Exposure

    variant = SubFactory(VariantFactory)
    visitor_key = Sequence(lambda number: f"visitor-{number}")
