"""How start, save, submit, results and claim grow with the tables: milliseconds of their statements.

    DEBUG=true .venv/bin/python -m config.embedded -- .venv/bin/python -m tests.chaos.within benchmarks.growth

Sizes are rows of `responses`, the largest table. Prints the exponent of each move: the slope of the logarithm
of its median over that of the rows; the bar is 0.05. A plain `SELECT 1` between the moves
says what the machine did. `--plot docs/growth.png` draws it with Chromium.
"""

import argparse
import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connection

from assessments.lifecycle import services
from assessments.lifecycle.quick_save import save_at_once
from assessments.lifecycle.submit import LastPart, submit_assessment
from assessments.lifecycle.visitors import Visitor
from assessments.models import Response
from benchmarks.multiply import multiply
from hubspot_sync.models import SyncQueueItem
from scorecard import versions
from scorecard.models import QuestionnaireVersion

QUEUES = Path(__file__).with_name("sql") / "fill_queues.sql"
COMMANDS = (
    ("migrate", "--verbosity", "0"),
    ("load_questionnaire", "scorecard/content/ai_reality_check.yaml", "--publish"),
)
GENERATED = 600  # assessments, of 16 responses or so; the rest are copies of them
MOVES = ("start", "save", "submit", "results", "claim", "SELECT 1")
SESSIONS_SHARE = 50  # of so many assessments one is open
COLORS = ("#0b57d0", "#b3261e", "#146c2e", "#7d5700", "#6750a4", "#767676")

Medians = dict[str, float]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=300, help="each move is made at each size")
    parser.add_argument("--factors", type=int, nargs="+", default=[1, 10, 10, 10], help="from size to size")
    parser.add_argument("--plot", type=Path)
    options = parser.parse_args()
    if options.plot and "CHROMIUM" not in os.environ:
        parser.error('--plot needs a Chromium: CHROMIUM="$(script/chromium)"')
    for command in (*COMMANDS, ("generate_demo_data", str(GENERATED), "--yes")):
        subprocess.run([sys.executable, "manage.py", *command], check=True)  # noqa: S603  # our own commands
    found: dict[int, Medians] = {}
    for number, factor in enumerate(options.factors):
        began = time.monotonic()
        grow(factor, sessions=number == len(options.factors) - 1)
        rows = Response.objects.count()
        found[rows] = medians(options.times)
        print(
            f"{rows:>12,} rows, {time.monotonic() - began:4.0f} s: "
            + ", ".join(f"{move} {ms:.3f}" for move, ms in found[rows].items()),
            flush=True,
        )
    print(json.dumps({move: round(exponent(found, move), 3) for move in MOVES}))
    if options.plot:
        draw(found, options.plot)


def grow(factor: int, *, sessions: bool) -> None:
    """Multiply what is there, and give it what stands beside it once it is all there."""
    if factor > 1:
        multiply(factor)
    with connection.cursor() as cursor:
        if sessions:
            cursor.execute("SELECT count(*) FROM assessments")
            cursor.execute(QUEUES.read_text(), {"sessions": cursor.fetchone()[0] // SESSIONS_SHARE})
        cursor.execute("VACUUM ANALYZE")


def medians(times: int) -> Medians:
    """Milliseconds in the statements of each move. All take turns, so that a busy second meets them all."""
    spent: dict[str, list[float]] = {move: [] for move in MOVES}
    for number in range(times):
        one_flow(number, spent)
    return {move: statistics.median(each) * 1000 for move, each in spent.items()}


def one_flow(number: int, spent: dict[str, list[float]]) -> None:
    published = versions.get(QuestionnaireVersion.objects.values_list("pk", flat=True).get())
    answers = dict.fromkeys(published.definition.questions, "C")
    with timed(spent["start"]):
        started = services.start_assessment(published, Visitor())
    with timed(spent["save"]):
        saved = save_at_once(started.token, published.id, assessment_id=None, step=1, answers=answers)
    if saved is None:
        raise SystemExit("The answers were not saved at once.")
    with timed(spent["submit"]):
        last = LastPart(contact={"email": f"growth-{number}@example.com"})
        lead = submit_assessment(started.token, last=last)
    with timed(spent["results"]):
        services.open_result(started.token, lead.pk)
    with timed(spent["claim"]):
        SyncQueueItem.objects.claim(1)
    with timed(spent["SELECT 1"]), connection.cursor() as cursor:
        cursor.execute("SELECT 1")


@contextmanager
def timed(spent: list[float]) -> Iterator[None]:
    """Note the seconds that statements take meanwhile."""
    whole = 0.0

    def watch(execute: Callable[..., Any], *arguments: Any) -> Any:
        nonlocal whole
        began = time.perf_counter()
        try:
            return execute(*arguments)
        finally:
            whole += time.perf_counter() - began

    with connection.execute_wrapper(watch):
        yield
    spent.append(whole)


def exponent(found: dict[int, Medians], move: str) -> float:
    """The slope of the line through the points of a move, both axes logarithmic."""
    points = [(math.log(rows), math.log(each[move])) for rows, each in found.items()]
    return statistics.linear_regression(*zip(*points, strict=True)).slope


def draw(found: dict[int, Medians], file: Path) -> None:
    """Both axes logarithmic, a line a move."""
    highest = math.log10(max(max(each.values()) for each in found.values())) + 0.1
    lowest = math.log10(min(min(each.values()) for each in found.values())) - 0.1
    sizes = [math.log10(rows) for rows in found]

    def place(rows: float, ms: float) -> str:
        across = 70 + 560 * (math.log10(rows) - sizes[0]) / (sizes[-1] - sizes[0])
        return f"{across:.0f},{370 - 320 * (math.log10(ms) - lowest) / (highest - lowest):.0f}"

    lines = []
    for move, color in zip(MOVES, COLORS, strict=True):
        points = [place(rows, each[move]) for rows, each in found.items()]
        end, (_, ms) = points[-1].split(","), list(found.items())[-1]
        lines += [
            f'<polyline points="{" ".join(points)}" fill="none" stroke="{color}" stroke-width="2"/>',
            f'<text x="{int(end[0]) + 8}" y="{int(end[1]) + 4}" fill="{color}">{move} {ms[move]:.2f} ms, '
            f"exponent {exponent(found, move):.3f}</text>",
        ]
    marks = [
        f'<text x="{place(rows, 10**lowest).split(",")[0]}" y="395" text-anchor="middle">{rows:,}</text>'
        for rows in found
    ]
    page = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="900" height="430" font-family="sans-serif"'
        ' font-size="13"><rect width="900" height="430" fill="white"/>'
        '<text x="70" y="24">Median milliseconds in the statements of a move, by rows of responses</text>'
        f"{''.join(lines)}{''.join(marks)}</svg>"
    )
    with tempfile.NamedTemporaryFile("w", suffix=".svg") as drawing:
        drawing.write(page)
        drawing.flush()
        command = (os.environ["CHROMIUM"], "--headless", "--no-sandbox", "--window-size=900,430")
        shot = (f"--screenshot={file.resolve()}", f"file://{drawing.name}")
        subprocess.run([*command, *shot], check=True, capture_output=True)  # noqa: S603  # Debian's Chromium


if __name__ == "__main__":
    main()
