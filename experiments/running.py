"""The running experiments, cached by each process for `SNAPSHOT_SECONDS`."""

import time
from collections.abc import Iterable
from itertools import groupby

from experiments.assignment import RunningExperiment, RunningVariant
from experiments.models import Exposure, Placement, Variant

SNAPSHOT_SECONDS = 5.0

_snapshot: tuple[float, dict[str, RunningExperiment]] = (0.0, {})


def experiments_at(*placements: Placement) -> list[RunningExperiment]:
    """The running experiments with these placements; at most one for each."""
    running = running_experiments()
    return [running[placement] for placement in placements if placement in running]


def assigned_variants(unit: str, *placements: Placement) -> dict[str, str]:
    """{experiment key: variant key} for this unit (a visitor, or an assessment)."""
    return {experiment.key: experiment.variant_of(unit).key for experiment in experiments_at(*placements)}


def record_exposures(seen: Iterable[tuple[RunningExperiment, RunningVariant]], unit: str) -> None:
    """Record that this unit saw these variants. Idempotent; one statement at most."""
    Exposure.objects.bulk_create(
        [
            Exposure(visitor_key=experiment.key_of(unit), variant_id=variant.id)
            for experiment, variant in seen
        ],
        ignore_conflicts=True,
    )


def running_experiments() -> dict[str, RunningExperiment]:
    """The running experiments by placement. One query per `SNAPSHOT_SECONDS`."""
    global _snapshot  # cache of this process
    good_until, running = _snapshot
    if time.monotonic() >= good_until:
        running = {experiment.place: experiment for experiment in load_running()}
        _snapshot = time.monotonic() + SNAPSHOT_SECONDS, running
    return running


def clear_snapshot() -> None:
    """Clear the cache."""
    global _snapshot
    _snapshot = (0.0, {})


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
        )
