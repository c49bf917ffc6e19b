"""Seconds from a submit to its contact in HubSpot, at 5 leads a second through gunicorn."""

import argparse
from datetime import datetime

from tests.chaos.crowd import invite, percentile
from tests.chaos.world import world


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--leads", type=int, default=600)
    parser.add_argument("--rate", type=float, default=5.0)
    options = parser.parse_args()
    with world() as ours:
        url = ours.start_web()
        ours.start_workers()
        ours.pool_ready()
        told = invite(ours, url, options.leads, rate=options.rate).finish(ours)
        ours.delivered(seconds=300)
        created = {
            record["properties"]["email"]: datetime.fromisoformat(record["createdAt"]).timestamp()
            for record in ours.hubspot.ask("state")["contacts"]
        }
    took = [created[line["address"]] - line["at"] for line in told.lines if "key" in line]
    shares = ", ".join(f"p{share * 100:.0f} {percentile(took, share):.2f} s" for share in (0.5, 0.95, 0.99))
    print(f"{len(took)} of {options.leads} leads, from submit to HubSpot: {shares}")
    print(told.submits)


if __name__ == "__main__":
    main()
