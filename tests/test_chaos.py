"""The cases of script/chaos, small: real processes, broken on purpose, and both sides compared afterwards."""

from collections.abc import Iterator

import pytest

from tests.chaos.case import Scale
from tests.chaos.cases import CASES
from tests.chaos.cases.kills import kill_group
from tests.chaos.fail_points import POINTS
from tests.chaos.world import World, world

pytestmark = [pytest.mark.processes, pytest.mark.xdist_group("chaos")]  # one world for all of them

# `script/test --deep` plays all cases, in full. Here is one of each kind: what dies, at the points below
# or as a whole; what comes back too late. What HubSpot refuses for good is in hubspot_sync/tests/
# test_refused_leads.py, a Redis that forgets in queues/tests/test_wakeup.py.
SMALL = ("postgres-kill", "zombie")


@pytest.fixture(scope="module")
def shared() -> Iterator[World]:
    with world() as found:
        yield found


@pytest.fixture
def ours(shared: World) -> Iterator[World]:
    yield shared
    shared.clean()


@pytest.mark.parametrize("name", SMALL)
def test_it_holds(ours: World, name: str) -> None:
    case = CASES[name]
    assert case.play(ours, case.small).problems == []


@pytest.mark.parametrize(
    "points",
    [
        ("after_claim", "after_contacts_call", "after_noting_contacts", "after_links_call"),
        ("while_rows_are_locked", "after_deals_call", "after_noting_deals", "before_delivered"),
    ],
)
def test_a_group_that_dies_at_one_point_after_the_other_loses_and_doubles_nothing(
    ours: World, points: tuple[str, ...]
) -> None:
    scale = Scale(leads=80, kills=len(points), lease=3)
    assert kill_group(ours, scale, points=points).problems == []


def test_a_worker_can_die_in_at_least_twelve_places() -> None:
    assert len(POINTS) >= 12
