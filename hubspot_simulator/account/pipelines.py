"""Deal pipelines and their stages."""

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Stage:
    """`probability` is 0 to 1, as text. A stage at 0 or 1 is closed."""

    id: str
    label: str
    display_order: int
    probability: str

    @property
    def closed(self) -> bool:
        return float(self.probability) in (0.0, 1.0)


@dataclass(frozen=True, slots=True)
class Pipeline:
    id: str
    label: str
    display_order: int
    stages: tuple[Stage, ...] = ()

    def has(self, stage_id: str) -> bool:
        return any(stage.id == stage_id for stage in self.stages)

    def with_stage(self, stage: Stage) -> "Pipeline":
        return replace(self, stages=(*self.stages, stage))
