"""What a case is: a name, what must hold, how it is played at which scales, and how it is judged."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.chaos.history import Accepted
from tests.chaos.ledger import history
from tests.chaos.world import World

LEASE = 120.0  # hubspot_sync.models.LEASE
AFTER_LEASE = 60.0  # the issue: all done within lease + 60 s


@dataclass(frozen=True, slots=True)
class Scale:
    """How large a case is played; `lease` differs from production's only in small ones."""

    leads: int = 0
    seconds: float = 0  # how long the trouble lasts
    kills: int = 0
    calm: float = 0  # how long visitors come on after the trouble
    p99: float = 1.0  # seconds that a submit may take; more where the machine is busy with other tests
    batch: int = 100  # rows that a claim takes at most
    lease: float = LEASE

    @property
    def options(self) -> tuple[str, ...]:
        """For tests/chaos/worker.py."""
        return () if self.lease == LEASE else ("--lease", str(self.lease))

    @property
    def bound(self) -> float:
        """Seconds within which all must be done after the last death."""
        return self.lease + AFTER_LEASE


@dataclass(frozen=True, slots=True)
class Finding:
    """What was measured, in words and figures, and what did not hold."""

    measured: str
    problems: Sequence[str] = ()
    figures: Mapping[str, Any] = field(default_factory=dict)


Play = Callable[[World, Scale], Finding]


@dataclass(frozen=True, slots=True)
class Case:
    """`play` gets a clean world. `full` is the scale of the issue, `small` fits into CI."""

    name: str
    must_hold: str
    play: Play
    full: Scale
    small: Scale


def conclude(
    world: World,
    accepted: Accepted,
    measured: str,
    *conditions: tuple[bool, str],
    failing: Mapping[str, str] | None = None,
    figures: Mapping[str, Any] | None = None,
) -> Finding:
    """The history check, and the case's own conditions, each with what to say when it does not hold."""
    found = history(world, accepted, failing=failing)
    problems = [*found.complaints(), *(words for holds, words in conditions if not holds)]
    duplicates = world.hubspot.ask("state")["duplicates"]
    if duplicates:
        problems.append(f"{len(duplicates)} duplicates in the account's own eyes")
    applied = f"{len(found.accepted.leads)} accepted, {len(found.account.contacts)} contacts"
    return Finding(f"{applied}, {len(found.account.deals)} deals; {measured}", problems, figures or {})
