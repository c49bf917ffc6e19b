"""Backoff after failed log-ins. Pure.

The pause of an account is short and capped, so that an attacker cannot lock its owner out. A browser in which
the owner has signed in before is exempt from the pauses of the account and of the installation.
"""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Limit:
    """After `free` failures in a day, each one doubles the pause, from `first` to `longest` seconds."""

    free: int
    first: int
    longest: int

    def pause(self, failures: int) -> timedelta:
        beyond = failures - self.free
        if beyond < 0:
            return timedelta()
        return timedelta(seconds=min(self.longest, self.first * 2 ** min(beyond, 20)))


PAIR = Limit(free=5, first=60, longest=3600)  # one account from one network
BROWSER = Limit(free=5, first=60, longest=3600)  # one account in a browser known to it
ACCOUNT = Limit(free=10, first=1, longest=60)  # one account from anywhere
NETWORK = Limit(free=30, first=60, longest=3600)  # any account from one network
INSTALLATION = Limit(free=300, first=1, longest=5)  # any account from anywhere
