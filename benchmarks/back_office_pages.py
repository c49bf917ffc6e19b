"""`tests.chaos.within benchmarks.back_office_pages`: fill the database with leads, then time each page."""

import statistics
import time
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping

from django.utils import timezone

from benchmarks.many_leads import counted, fill, signed_in
from operations.doctor.table_sizes import largest_tables
from operations.doctor.watch import Examination, store_examination

BAR, DASHBOARD_BAR = 150, 100  # ms
LEADS = "/admin/leads/lead/"
FILTERS = {
    "category": "category=crisis",
    "two areas of score": "score=0-19&score=80-100",
    "owner": "owner=none",
    "outcome": "outcome=meeting",
    "language": "language=de",
    "source": "source=www.bing.com",
    "campaign": "campaign=ai-days",
    "device": "device=tablet",
    "quality": "quality=basic",
    "HubSpot": "sync=failed",
    "doubts": "doubts=any",
    "follow-up": "follow_up=overdue",
    "stored": "scrubbed=no",
    "phone": "phone=yes&scrubbed=no",
    "period": "days=30",
    "company": "company=alster",
    "country": "country=AT",
    "consent: may be called": "consent=callable",
    "consent: agreed": "consent=agreed",
    "consent: objected": "consent=objected",
    "consent: said nothing": "consent=silent",
    "consent: agreed or objected": "consent=agreed&consent=objected",
}
SEARCHES = {
    "name": "müller",
    "two words": "anna becker",
    "company": "isar",
    "phone": "0151 12",
    "nobody": "xyzzyx",
}


def addresses(marks: Mapping[str, str], lead: str) -> Iterator[tuple[str, str]]:
    """(name, address) of each page that is measured."""
    yield "list: call now", LEADS
    yield "list: call now, page 40", f"{LEADS}?tab=call&p=40"
    yield "list: mine", f"{LEADS}?tab=mine"
    yield "list: follow up", f"{LEADS}?tab=follow_up"
    yield "list: all", f"{LEADS}?tab=all"
    yield "list: all, page 80", f"{LEADS}?tab=all&p=80"
    yield "list: all, after half of them", f"{LEADS}?tab=all&after={marks['middle']}"
    for name, query in FILTERS.items():
        yield f"filter: {name}", f"{LEADS}?tab=all&{query}"
    for name, words in SEARCHES.items():
        yield f"search: {name}", f"{LEADS}?q={words}"
    yield "lead page", f"{LEADS}{lead}/change/"
    yield "dashboard", "/admin/"
    yield "figures of 30 days", f"{LEADS}figures/"


def main() -> None:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--leads", type=int, default=0, help="have so many; 0: measure what is there")
    parser.add_argument("--sealed", type=int, default=0, help="so many of them with contact details")
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    if options.leads:
        began = time.monotonic()
        fill(options.leads, options.sealed)
        print(f"filled in {time.monotonic() - began:.0f} s", flush=True)
    measure(options.times, options.only)


def measure(times: int, only: str) -> None:
    """Print the least time, p50 and p95 of each page: the least says most where others use the machine."""
    client, marks, lead = signed_in()
    store_examination(Examination(timezone.now(), [], largest_tables()))  # in production every five minutes
    print(counted())
    print("| page | least | p50 | p95 | bar |\n| --- | --- | --- | --- | --- |", flush=True)
    for name, address in addresses(marks, lead):
        if only not in name:
            continue
        if client.get(address).status_code == 302:
            print(f"| {name} | there is no such page | | | |", flush=True)
            continue
        took = []
        for turn in range(times + 2):
            start = time.perf_counter()
            response = client.get(address)
            if response.status_code != 200:
                raise SystemExit(f"{address}: {response.status_code}")
            if turn >= 2:  # the first ones open files and connections
                took.append((time.perf_counter() - start) * 1000)
        bar = DASHBOARD_BAR if name == "dashboard" else BAR
        p50, p95 = statistics.median(took), sorted(took)[int(len(took) * 0.95) - 1]
        verdict = "ok" if p50 < bar else f"over {bar} ms"
        print(f"| {name} | {min(took):.0f} ms | {p50:.0f} ms | {p95:.0f} ms | {verdict} |", flush=True)


if __name__ == "__main__":
    main()
