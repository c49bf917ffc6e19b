"""`script/chaos [--list] [--small] [--lanes N] [CASE...]`: play cases.

A CASE may be the beginning of several names: `script/chaos kill`. The run ends with a table, the same as
JSON in artifacts/chaos.json, and exit code 1 when anything failed.
"""

import argparse
import signal
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Event

from tests.chaos.case import Case, Finding
from tests.chaos.cases import CASES
from tests.chaos.fail_points import POINTS
from tests.chaos.report import Verdict, say, table, write
from tests.chaos.world import world


def main() -> int:
    options = parse()
    if options.list:
        print("\n".join(f"{case.name:32} {case.must_hold}" for case in CASES.values()))
        print("\nFail points:")
        print("\n".join(f"{name:32} {point.says}" for name, point in POINTS.items()))
        return 0
    chosen = choose(options.cases)
    stopping = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    start = time.monotonic()
    with ThreadPoolExecutor(options.lanes) as lanes:
        futures = [lanes.submit(play, case, stopping, small=options.small) for case in chosen]
        try:
            verdicts = [future.result() for future in futures]
        except KeyboardInterrupt:
            stopping.set()
            lanes.shutdown(cancel_futures=True)
            return 130
    print(f"\n{table(verdicts)}\n\n{len(verdicts)} cases in {time.monotonic() - start:.0f} s")
    write(verdicts)
    return 0 if all(verdict.ok for verdict in verdicts) else 1


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/chaos", description="Break things, compare both sides.")
    parser.add_argument("cases", nargs="*", metavar="CASE", help="names, or how they begin; default: all")
    parser.add_argument("--list", action="store_true", help="name the cases and the fail points")
    parser.add_argument("--small", action="store_true", help="the scale of the tests")
    parser.add_argument("--lanes", type=int, default=3, help="cases side by side (default: %(default)s)")
    return parser.parse_args()


def choose(names: Sequence[str]) -> list[Case]:
    """The cases of these names. Ends the program when a name fits none."""
    for name in names:
        if not any(known.startswith(name) for known in CASES):
            sys.exit(f"No case is called {name!r}: see script/chaos --list")
    return [case for case in CASES.values() if not names or case.name.startswith(tuple(names))]


def play(case: Case, stopping: Event, *, small: bool) -> Verdict:
    """One case in a world of its own. What goes wrong with the play itself is a failure of the case."""
    say(case.name, "starts")
    start = time.monotonic()
    try:
        with world(stopping) as ours:
            finding = case.play(ours, case.small if small else case.full)
    except Exception as error:
        finding = Finding("", [f"{type(error).__name__}: {error}"])
    verdict = Verdict(case, finding, time.monotonic() - start)
    say(case.name, verdict.words)
    return verdict


if __name__ == "__main__":
    sys.exit(main())
