"""Rows a second that the scrub clears in batches, as a ratio to one UPDATE over the same rows."""

import argparse

from tests.chaos.bulk import copy_leads
from tests.chaos.world import World, world


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    rows = parser.parse_args().rows
    with world() as ours:
        whole = scrub(ours, rows, "whole")
        batches = scrub(ours, rows)
    print(f"in one UPDATE: {rows / whole:.0f} rows/s")
    print(f"in batches: {rows / batches:.0f} rows/s, {whole / batches:.0%} of that")


def scrub(ours: World, rows: int, *how: str) -> float:
    """Seconds for so many rows that are past their retention."""
    ours.clean()
    copy_leads(ours, rows)
    ours.postgres.rows("UPDATE assessments SET created_at = created_at - interval '40 days'")
    ours.postgres.rows("VACUUM ANALYZE assessments")
    return float(ours.run("benchmarks.scrub_timer", *how)[-1])


if __name__ == "__main__":
    main()
