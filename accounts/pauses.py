"""How long nobody may try to log in after so many failures: pure.

The pause of an account is short and has a ceiling, because a guesser would otherwise lock its owner out. It
does not hold in a browser in which the owner signed in before, nor does that of the installation.
"""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Limit:
    """After `free` failures in a day each one pauses twice as long, from `first` up to `longest` seconds."""

    free: int
    first: int
    longest: int

    def pause(self, failures: int) -> timedelta:
        beyond = failures - self.free
        if beyond < 0:
            return timedelta()
        return timedelta(seconds=min(self.longest, self.first * 2 ** min(beyond, 20)))


PAIR = Limit(free=5, first=60, longest=3600)  # one account from one network
BROWSER = Limit(free=5, first=60, longest=3600)  # one account in a browser that knows it
ACCOUNT = Limit(free=10, first=1, longest=60)  # one account from anywhere
NETWORK = Limit(free=30, first=60, longest=3600)  # any account from one network
INSTALLATION = Limit(free=300, first=1, longest=5)  # any account from anywhere
