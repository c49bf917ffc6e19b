"""One HubSpot account (a portal, in HubSpot's terms): its access, its data and its behaviour."""

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
    """The state of an account; `lock` is held during each call, so calls are serialised."""

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
        """Reset to a new account without faults; time, token and switches are unchanged."""
        self.schemas.update({kind: standard.schema(kind) for kind in Kind})
        self.pipelines.clear()
        self.pipelines["default"] = standard.pipeline()
        self.empty()

    def empty(self) -> None:
        """Delete records and faults; properties and pipelines are unchanged."""
        self.store.clear()
        self.limits = Limits()
        self.faults = Faults()
        self.calls.clear()
        self.opened_at = instant(self.now())

    def now(self) -> datetime:
        """The account's time: that of the clock, plus the offset by which it was advanced."""
        return self.clock() + self.ahead

    def new_id(self) -> str:
        """A random id that reveals nothing about its object."""
        while True:
            id = str(self.random.randrange(10**10, 10**11))
            if not any(id in table for table in self.store.records.values()) and id not in self.store.merged:
                return id

    def correlation_id(self) -> str:
        return str(uuid.UUID(int=self.random.getrandbits(128), version=4))
