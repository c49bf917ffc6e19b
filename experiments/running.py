"""The running experiments, cached by each process for a few seconds."""

from collections.abc import Iterable
from itertools import groupby

from experiments.assignment import RunningExperiment, RunningVariant
from experiments.models import Exposure, Placement, Variant
from web.snapshot import Snapshot


def experiments_at(*placements: Placement, questionnaire: str) -> list[RunningExperiment]:
    """The running experiments with these placements of a questionnaire; at most one for each.

    One of this questionnaire alone goes before one of all.
    """
    running = running_experiments()
    found = [running.get((place, questionnaire)) or running.get((place, "")) for place in placements]
    return [experiment for experiment in found if experiment]


def assigned_variants(unit: str, *placements: Placement, questionnaire: str) -> dict[str, str]:
    """{experiment key: variant key} for this unit (a visitor, or an assessment)."""
    return {
        experiment.key: experiment.variant_of(unit).key
        for experiment in experiments_at(*placements, questionnaire=questionnaire)
    }


def record_exposures(seen: Iterable[tuple[RunningExperiment, RunningVariant]], unit: str) -> None:
    """Record that this unit saw these variants. Idempotent; one statement at most."""
    Exposure.objects.bulk_create(
        [
            Exposure(visitor_key=experiment.key_of(unit), variant_id=variant.id)
            for experiment, variant in seen
        ],
        ignore_conflicts=True,
    )


@Snapshot
def running_experiments() -> dict[tuple[str, str], RunningExperiment]:
    """The running experiments by placement and questionnaire. One query."""
    return {(experiment.place, experiment.questionnaire): experiment for experiment in load_running()}


def load_running() -> Iterable[RunningExperiment]:
    running = Variant.objects.filter(
        experiment__started_at__isnull=False, experiment__stopped_at__isnull=True
    )
    rows = running.select_related("experiment").order_by("experiment_id", "pk")
    for experiment, variants in groupby(rows, key=lambda row: row.experiment):
        yield RunningExperiment(
            experiment.pk,
            experiment.key,
            experiment.place,
            tuple(RunningVariant(row.pk, row.key, row.weight, row.wording) for row in variants),
            experiment.questionnaire,
        )
