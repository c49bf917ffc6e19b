"""`tests.chaos.visitors URL --count 100 --rate 5`: visitors who finish the form over HTTP, whatever happens.

Prints one JSON line for each: what tests/chaos/feeder.py prints, and how many `seconds` its submit took, `at`
what time (Unix), and with which `status`, 0 when no answer came. Who could not even start is "turned_away".
Run as a program of its own, so that its clock stands still for nobody.
"""

import argparse
import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import requests

AT_ONCE = 24
PATIENCE = 30
SERVER_ERROR = 500


def main() -> None:
    options = parse()
    start = time.monotonic()

    def visit_in_time(number: int) -> dict[str, Any]:
        time.sleep(max(0.0, start + number / options.rate - time.monotonic()))
        return visit(options.url, f"lead{number + options.first}@chaos.example")

    with ThreadPoolExecutor(AT_ONCE) as crowd:
        for told in crowd.map(visit_in_time, range(options.count)):
            print(json.dumps(told), flush=True)


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--rate", type=float, required=True)
    parser.add_argument("--first", type=int, default=0)
    return parser.parse_args()


def visit(url: str, address: str) -> dict[str, Any]:
    """Start, and submit everything in one request; what became of it."""
    with requests.Session() as browser:
        try:
            opened = browser.post(f"{url}api/assessment/start", json={}, timeout=PATIENCE)
            opened.raise_for_status()
        except requests.RequestException:
            return {"turned_away": True, "at": time.time()}
        browser.headers["X-CSRFToken"] = opened.json()["csrfToken"]
        return submit(browser, url, opened.json(), address)


def submit(browser: requests.Session, url: str, opened: dict[str, Any], address: str) -> dict[str, Any]:
    sections = opened["questionnaire"]["sections"]
    body = {
        "responses": {asked["key"]: "D" for section in sections for asked in section["questions"]},
        "contact": {"email": address, "firstName": "Cay", "company": "Chaos Ltd"},
    }
    start, at = time.monotonic(), time.time()
    try:
        answer = browser.post(f"{url}api/assessment/submit", json=body, timeout=PATIENCE)
    except requests.RequestException:
        answer = None
    told: dict[str, Any] = {"seconds": time.monotonic() - start, "at": at}
    if answer is not None and answer.ok:
        return told | {"status": 200, "key": answer.json()["assessmentId"], "address": address}
    if answer is not None and answer.status_code < SERVER_ERROR:
        print(f"refused with {answer.status_code}: {answer.text}", file=sys.stderr)
    return told | {"status": answer.status_code if answer is not None else 0, "unsure": address}


if __name__ == "__main__":
    main()
