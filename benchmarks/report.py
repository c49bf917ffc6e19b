"""Seconds and memory of one report to keep, drawn in this process as a web process does it."""

import argparse
import os
import resource
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from assessments.results.report import Report, render_report
from assessments.results.result import Result, result_of_answers
from scorecard.content.files import read_questionnaire
from scorecard.definition import Definition

CONTENT = Path(settings.BASE_DIR) / "scorecard/content/ai_reality_check.yaml"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=300)
    options = parser.parse_args()
    results = [result_for(read_questionnaire(CONTENT).definition(), option) for option in "ABCDE"]
    before = resident()

    def draw(number: int) -> int:
        return len(render_report(Report(results[number % 5], briefing=True, made_for=f"Company {number}")))

    first, size = timed(draw, 0)
    took = sorted(timed(draw, number)[0] for number in range(1, options.reports))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    p95 = took[int(len(took) * 0.95)]
    after = resident()
    median = statistics.median(took)
    print(f"first {first * 1000:.0f} ms, median {median * 1000:.0f} ms, p95 {p95 * 1000:.0f} ms")
    print(f"memory: {before:.0f} MB before, {after:.0f} MB after {options.reports}, {peak:.0f} MB at most")
    print(f"size: {size / 1000:.0f} kB")


def result_for(definition: Definition, option: str) -> Result:
    """The result of whoever chose this option everywhere."""
    return result_of_answers(definition, dict.fromkeys(definition.questions, option), timezone.now())


def timed(draw: Callable[[int], int], number: int) -> tuple[float, int]:
    """Seconds, and what came out."""
    start = time.perf_counter()
    size = draw(number)
    return time.perf_counter() - start, size


def resident() -> float:
    """Megabytes that this process holds now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1024**2


if __name__ == "__main__":
    main()
