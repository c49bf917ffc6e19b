"""What a run says: a line as things happen, a table at the end, and the same as JSON."""

import json
import textwrap
import time
from collections.abc import Sequence
from dataclasses import dataclass

from config.tests.processes import PROJECT
from tests.chaos.case import Case, Finding

JSON_FILE = PROJECT / "artifacts/chaos.json"
WIDTHS = (26, 44, 58, 6)


@dataclass(frozen=True, slots=True)
class Verdict:
    case: Case
    finding: Finding
    seconds: float

    @property
    def ok(self) -> bool:
        return not self.finding.problems

    @property
    def words(self) -> str:
        """One line: what was measured, and what did not hold."""
        parts = [self.finding.measured, *self.finding.problems]
        return f"{'ok' if self.ok else 'FAILED'} in {self.seconds:.0f} s: " + "; ".join(filter(None, parts))

    @property
    def cells(self) -> tuple[str, ...]:
        measured = "; ".join(filter(None, [self.finding.measured, *self.finding.problems]))
        return (self.case.name, self.case.must_hold, measured, "ok" if self.ok else "FAILED")


def say(name: str, words: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {name}: {words}", flush=True)


def table(verdicts: Sequence[Verdict]) -> str:
    """Case, what must hold, what was measured, and whether it held."""
    rows = [("case", "must hold", "measured", ""), *(verdict.cells for verdict in verdicts)]
    return "\n".join(line for row in rows for line in wrapped(row))


def wrapped(row: Sequence[str]) -> list[str]:
    columns = [textwrap.wrap(cell, width) or [""] for cell, width in zip(row, WIDTHS, strict=True)]
    height = max(map(len, columns))
    padded = [column + [""] * (height - len(column)) for column in columns]
    return [
        "  ".join(part.ljust(width) for part, width in zip(parts, WIDTHS, strict=True)).rstrip()
        for parts in zip(*padded, strict=True)
    ]


def write(verdicts: Sequence[Verdict]) -> None:
    JSON_FILE.parent.mkdir(exist_ok=True)
    content = [
        {
            "case": verdict.case.name,
            "must_hold": verdict.case.must_hold,
            "measured": verdict.finding.measured,
            "problems": list(verdict.finding.problems),
            "figures": dict(verdict.finding.figures),
            "seconds": round(verdict.seconds, 1),
            "ok": verdict.ok,
        }
        for verdict in verdicts
    ]
    JSON_FILE.write_text(json.dumps(content, indent=2) + "\n")
