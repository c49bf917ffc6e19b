"""One HubSpot account (HubSpot says portal): who may call it, what it holds, and how it behaves."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from threading import RLock

from hubspot_simulator.account import standard
from hubspot_simulator.account.calls import CallLog
from hubspot_simulator.account.faults import Faults
from hubspot_simulator.account.kinds import Kind
from hubspot_simulator.account.limits import Limits
from hubspot_simulator.account.pipelines import Pipeline
from hubspot_simulator.account.schema import Schema
from hubspot_simulator.account.store import Store
from hubspot_simulator.account.switches import Switches
from hubspot_simulator.account.values import instant

Clock = Callable[[], datetime]

SCOPES = frozenset(
    f"crm.{area}.{kind}.{right}"
    for area in ("objects", "schemas")
    for kind in Kind
    for right in ("read", "write")
)


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Portal:
    """`lock` is held for the whole of one call, so calls are applied one after another."""

    token: str
    clock: Clock = utc_now
    random: Random = field(default_factory=Random)
    switches: Switches = field(default_factory=Switches)
    scopes: set[str] = field(default_factory=lambda: set(SCOPES))
    state_file: Path | None = None
    schemas: dict[Kind, Schema] = field(default_factory=dict)
    pipelines: dict[str, Pipeline] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    faults: Faults = field(default_factory=Faults)
    ahead: timedelta = timedelta()
    calls: CallLog = field(default_factory=CallLog)
    lock: RLock = field(default_factory=RLock)
    store: Store = field(init=False)
    opened_at: str = field(init=False)

    def __post_init__(self) -> None:
        self.store = Store(self.schemas)
        self.reset()

    def reset(self) -> None:
        """Back to a new account without faults; the time, the token and the switches stay."""
        self.schemas.update({kind: standard.schema(kind) for kind in Kind})
        self.pipelines.clear()
        self.pipelines["default"] = standard.pipeline()
        self.empty()

    def empty(self) -> None:
        """Neither records nor faults; the properties and pipelines stay too."""
        self.store.clear()
        self.limits = Limits()
        self.faults = Faults()
        self.calls.clear()
        self.opened_at = instant(self.now())

    def now(self) -> datetime:
        """The account's time: the clock it was given, and how far it was moved since."""
        return self.clock() + self.ahead

    def new_id(self) -> str:
        """A number that says nothing about what it names."""
        while True:
            id = str(self.random.randrange(10**10, 10**11))
            if not any(id in table for table in self.store.records.values()) and id not in self.store.merged:
                return id

    def correlation_id(self) -> str:
        return str(uuid.UUID(int=self.random.getrandbits(128), version=4))
