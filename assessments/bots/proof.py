"""Proof of work: a script searches for a number while the visitor reads. No third party, no puzzle.

The number is derived from the assessment's id and SECRET_KEY; the page shows its hash and nothing is stored.
A solution is valid for one assessment only. Visitors without JavaScript are marked, never rejected.
"""

import hashlib
from dataclasses import dataclass
from uuid import UUID

from django.utils.crypto import constant_time_compare, salted_hmac

MOST = 50_000  # half of it on average: one to two seconds on a phone, in the background


@dataclass(frozen=True, slots=True)
class Challenge:
    """Find the number from 0 to `most` whose SHA-256 after `salt` and a colon is `hash`, in hex digits."""

    salt: str
    hash: str
    most: int = MOST


def number_of(assessment: UUID) -> int:
    secret = salted_hmac("assessments.bots.proof", str(assessment), algorithm="sha256").digest()
    return int.from_bytes(secret[:8], "big") % (MOST + 1)


def challenge(assessment: UUID) -> Challenge:
    return Challenge(
        str(assessment), hashlib.sha256(f"{assessment}:{number_of(assessment)}".encode()).hexdigest()
    )


def is_proven(assessment: UUID, answer: str) -> bool:
    return constant_time_compare(answer[:20], str(number_of(assessment)))
