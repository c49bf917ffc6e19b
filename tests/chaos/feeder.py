"""`tests.chaos.within tests.chaos.feeder --count 1000 --rate 40`: visitors, through the real services.

Prints one JSON line for each: `{"key", "address"}` when the lead was accepted, `{"unsure"}` when we cannot
know. With --bad-every, every so-manieth address is one that HubSpot refuses.
"""

import argparse
import json
import time

from django.conf import settings
from django.db import DatabaseError, close_old_connections, connection

from assessments.lifecycle import services
from assessments.lifecycle.submit import submit_assessment
from assessments.lifecycle.visitors import Visitor
from assessments.qualification import Contact
from scorecard import versions
from tests.chaos.people import address_of, answer_of


def main() -> None:
    options = parse()
    start = time.monotonic()
    for number in range(options.first, options.first + options.count):
        due = start + (number - options.first) / options.rate
        time.sleep(max(0.0, due - time.monotonic()))
        address = address_of(number, bad_every=options.bad_every)
        close_old_connections()
        try:
            key = visit(address, answer=answer_of(number))
        except DatabaseError:
            connection.close()
            print(json.dumps({"unsure": address}), flush=True)
        else:
            print(json.dumps({"key": key, "address": address}), flush=True)


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--rate", type=float, default=1000.0)
    parser.add_argument("--bad-every", type=int, default=0)
    return parser.parse_args()


def visit(address: str, *, answer: str) -> str:
    """Start, answer, submit; the key of the lead."""
    version = versions.current(settings.DEFAULT_QUESTIONNAIRE)
    started = services.start_assessment(version, Visitor())
    services.save_progress(
        started.session,
        step=version.definition.total_steps,
        answers=dict.fromkeys(version.definition.questions, answer),
        contact=Contact(email=address, first_name="Cay", company="Chaos Ltd").given,
    )
    return str(submit_assessment(started.token).pk)


if __name__ == "__main__":
    main()
