"""Bytes over the wire, requests and time to the first byte of each public page, served as in production."""

import argparse
import re
import statistics
import time
from urllib.parse import urljoin

import requests

from benchmarks.production import Visitor, pages, serving

LINKED = re.compile(r'<(?:link rel="(?:stylesheet|icon)"|script|img)[^>]*? (?:href|src)="([^"]+)"')
FONT = re.compile(r'url\("([^"]+\.woff2)"\)')


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=20, help="that each page is asked for")
    options = parser.parse_args()
    with serving() as address:
        visitor = Visitor(address)
        finished = pages(visitor)
        results = finished.pop("results")
        stranger = Visitor(address)
        stranger.post("/start/", stranger.get("/").text)
        print(f"{'page':<14}{'requests':>9}{'HTML':>9}{'in all':>9}{'first byte, median':>20}{'p95':>9}")
        for name, path in finished.items():
            show(name, visitor, path, options.times)
        show("first step", stranger, "/step/1/", options.times)
        show("resume", stranger, "/resume/", options.times)
        show("results", visitor, results, options.times)
        show("not found", visitor, "/no/such/page/", options.times)


def show(name: str, visitor: Visitor, path: str, times: int) -> None:
    page, _ = fetched(visitor, path)
    text = visitor.get(path).text
    linked = {urljoin(path, found.replace("&amp;", "&")) for found in LINKED.findall(text)}
    for sheet in [each for each in linked if each.endswith(".css")]:
        linked |= {urljoin(sheet, found) for found in FONT.findall(visitor.get(sheet).text)}
    whole = page + sum(fetched(visitor, each)[0] for each in linked)
    waits = sorted(fetched(visitor, path)[1] * 1000 for _ in range(times))
    print(
        f"{name:<14}{1 + len(linked):>9}{page:>9,}{whole:>9,}"
        f"{statistics.median(waits):>17.1f} ms{waits[int(0.95 * (times - 1))]:>6.1f} ms"
    )


def fetched(visitor: Visitor, path: str) -> tuple[int, float]:
    """Bytes of the body as sent, and seconds until the first of them came."""
    began = time.perf_counter()
    with requests.get(f"{visitor.address}{path}", headers=visitor.headers, stream=True, timeout=30) as answer:
        seconds = time.perf_counter() - began
        return len(answer.raw.read(decode_content=False)), seconds


if __name__ == "__main__":
    main()
