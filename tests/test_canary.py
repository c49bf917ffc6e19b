"""Nothing personal left, and proof of it: people with a mark in every field go through the real product."""

import pytest

from tests.canary.paths import PATHS
from tests.canary.run import Report, fly

pytestmark = [pytest.mark.processes, pytest.mark.xdist_group("canary")]


@pytest.fixture(scope="module")
def report() -> Report:
    """Somebody on every way."""
    return fly(len(PATHS))


def test_every_way_was_gone(report: Report) -> None:
    assert report.ways == dict.fromkeys(PATHS, 1)


def test_there_was_something_to_find(report: Report) -> None:
    assert {"assessments", "assessment_sessions"} <= report.before.keys()


def test_before_the_scrub_people_are_where_the_data_map_says(report: Report) -> None:
    assert report.off_the_map == {}


def test_before_the_scrub_nobody_is_outside_the_database(report: Report) -> None:
    assert report.elsewhere == {}


def test_whoever_asked_to_be_erased_is_gone_before_the_scrub_and_in_hubspot(report: Report) -> None:
    assert report.not_erased == {}


def test_nobody_is_harmed_by_a_stranger_who_types_their_address(report: Report) -> None:
    assert report.harmed == {}


def test_after_the_scrub_nobody_is_anywhere(report: Report) -> None:
    assert report.after == {}


def test_a_file_is_there_until_its_owner_is_erased_or_scrubbed(report: Report) -> None:
    assert report.files == (1, 0)


def test_a_scrub_that_leaves_out_a_table_is_found_out(report: Report) -> None:
    assert report.unnoticed == set()
