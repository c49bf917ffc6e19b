"""Proof of work, without a third party and without a puzzle: a script looks for a number while people read.

The number of a run follows from its id and our secret, the page shows its hash, and nothing is stored: what
was solved for one run is worth nothing for another. Whoever has no script is marked, never refused.
"""

import hashlib
from dataclasses import dataclass
from uuid import UUID

from django.utils.crypto import constant_time_compare, salted_hmac

MOST = 50_000  # half of it on average: a second or two of a phone, in the background


@dataclass(frozen=True, slots=True)
class Challenge:
    """Find the number from 0 to `most` whose SHA-256 after `salt` and a colon is `hash`, in hex digits."""

    salt: str
    hash: str
    most: int = MOST


def number_of(run: UUID) -> int:
    secret = salted_hmac("assessments.bots.proof", str(run), algorithm="sha256").digest()
    return int.from_bytes(secret[:8], "big") % (MOST + 1)


def challenge(run: UUID) -> Challenge:
    return Challenge(str(run), hashlib.sha256(f"{run}:{number_of(run)}".encode()).hexdigest())


def is_proven(run: UUID, answer: str) -> bool:
    return constant_time_compare(answer[:20], str(number_of(run)))
