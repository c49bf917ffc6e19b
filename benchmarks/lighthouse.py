"""Lighthouse on landing, first step and result, with its throttling of a slow phone, served as in production.

Needs node and Chromium; fetches the pinned Lighthouse with npx, or takes an installed one. A step is not
for search engines on purpose, so its score for SEO leaves that one question out; a result has none.
"""

import argparse
import json
import os
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.production import Visitor, pages, serving

PINNED = "lighthouse@12.8.2"  # the last that runs on node 20
FLAGS = "--headless=new --no-sandbox --disable-gpu --disable-background-networking"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
METRICS = {
    "LCP": "largest-contentful-paint",
    "CLS": "cumulative-layout-shift",
    "TBT": "total-blocking-time",
    "bytes": "total-byte-weight",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lighthouse", help="path of an installed lighthouse; else npx fetches one")
    parser.add_argument("--keep", type=Path, help="directory for the whole reports")
    options = parser.parse_args()
    command = [options.lighthouse] if options.lighthouse else ["npx", "--yes", PINNED]
    with serving() as address, tempfile.TemporaryDirectory() as scratch:
        finished, begun = Visitor(address), Visitor(address)
        results = pages(finished)["results"]
        begun.post("/start/", begun.get("/").text)
        print(f"{'page':<9}" + "".join(f"{name:>15}" for name in (*CATEGORIES, *METRICS)))
        for name, path, visitor in (
            ("landing", "/", Visitor(address)),
            ("step", "/step/1/", begun),
            ("results", results, finished),
        ):
            report = examined(command, visitor, path, options.keep or Path(scratch), name)
            print(f"{name:<9}" + "".join(f"{figure:>15}" for figure in figures(report)), flush=True)
            for complaint in complaints(report):
                print(f"  {complaint}")


def examined(command: list[str], visitor: Visitor, path: str, directory: Path, name: str) -> dict[str, Any]:
    """Lighthouse's report of one page."""
    directory.mkdir(parents=True, exist_ok=True)
    report, headers = directory / f"{name}.json", directory / f"{name}-headers.json"
    cookie = visitor.headers.get("Cookie")
    headers.write_text(json.dumps({"Cookie": cookie} if cookie else {}))
    only = CATEGORIES if name != "results" else CATEGORIES[:3]
    subprocess.run(  # noqa: S603  # a benchmark
        [
            *command,
            f"{visitor.address}{path}",
            "--quiet",
            "--output=json",
            f"--output-path={report}",
            f"--extra-headers={headers}",
            f"--only-categories={','.join(only)}",
            f"--chrome-flags={FLAGS}",
            *(["--skip-audits=is-crawlable"] if name != "landing" else []),
        ],
        check=True,
        env={"CHROME_PATH": "/usr/bin/chromium"} | os.environ,
    )
    return dict(json.loads(report.read_text()))


def figures(report: dict[str, Any]) -> list[str]:
    scores = [report["categories"].get(name, {}).get("score") for name in CATEGORIES]
    measured = [report["audits"].get(name, {}).get("displayValue", "-") for name in METRICS.values()]
    return ["-" if score is None else str(round(score * 100)) for score in scores] + [
        value.replace("\xa0", " ").removeprefix("Total size was ") for value in measured
    ]


def complaints(report: dict[str, Any]) -> list[str]:
    """Audits that count and were not passed, performance apart: that depends on the machine."""
    wanted = {
        each["id"]
        for name, category in report["categories"].items()
        if name != "performance"
        for each in category["auditRefs"]
        if each["weight"]
    }
    return [
        f"{name}: {audit['title']}"
        for name, audit in report["audits"].items()
        if name in wanted and audit["score"] is not None and audit["score"] < 1
    ]


if __name__ == "__main__":
    main()
