"""`python -m tests.canary --people 200`: the canary, and what it found. Exit code 1 if that is anything."""

import argparse
import sys

from tests.canary.run import Found, fly

ROWS = {
    "off_the_map": "before the scrub, in columns where the data map sees nobody",
    "elsewhere": "before the scrub, outside the database: Redis, logs, files",
    "not_erased": "of people who asked to be erased, here before the scrub and in HubSpot",
    "harmed": "of people whose address a stranger typed: kept from HubSpot",
    "after": "after the scrub, anywhere: dump, Redis and its commands, logs, files",
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="privacy_canary", description=__doc__)
    parser.add_argument("--people", type=int, default=200)
    report = fly(parser.parse_args().people)
    columns = sum(map(len, report.before.values()))
    print(f"{columns:4} columns of {len(report.before)} tables held marks before the scrub")
    for name, meaning in ROWS.items():
        found: Found = getattr(report, name)
        print(f"{sum(map(len, found.values())):4} hits {meaning}")
        for place, marks in sorted(found.items()):
            print(f"     {place}: {', '.join(sorted(marks)[:5])}")
    print(f"{len(report.unnoticed):4} tables could be left out unnoticed {sorted(report.unnoticed)}")
    print("Clean." if report.clean else "NOT CLEAN.")
    return 0 if report.clean else 1


if __name__ == "__main__":
    sys.exit(main())
