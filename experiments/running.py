"""The experiments that run now. Each process keeps them and looks again after a few seconds."""

import time
from collections.abc import Iterable
from itertools import groupby

from experiments.assignment import RunningExperiment, RunningVariant
from experiments.models import Exposure, Place, Variant

SNAPSHOT_SECONDS = 5.0

_snapshot: tuple[float, dict[str, RunningExperiment]] = (0.0, {})


def at(*places: Place) -> list[RunningExperiment]:
    """The experiments at these places, one at each at most."""
    running = snapshot()
    return [running[place] for place in places if place in running]


def assigned(unit: str, *places: Place) -> dict[str, str]:
    """{experiment: variant} of this unit at these places."""
    return {experiment.key: experiment.variant_of(unit).key for experiment in at(*places)}


def expose(seen: Iterable[tuple[RunningExperiment, RunningVariant]], unit: str) -> None:
    """Record that this unit saw these variants: once, however often it is told. One statement at most."""
    Exposure.objects.bulk_create(
        [
            Exposure(visitor_key=experiment.key_of(unit), variant_id=variant.id)
            for experiment, variant in seen
        ],
        ignore_conflicts=True,
    )


def snapshot() -> dict[str, RunningExperiment]:
    """The running experiments by place. One query in `SNAPSHOT_SECONDS`."""
    global _snapshot  # one process, one snapshot
    good_until, running = _snapshot
    if time.monotonic() >= good_until:
        running = {experiment.place: experiment for experiment in load()}
        _snapshot = time.monotonic() + SNAPSHOT_SECONDS, running
    return running


def forget() -> None:
    """Look again at the next question."""
    global _snapshot
    _snapshot = (0.0, {})


def load() -> Iterable[RunningExperiment]:
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
