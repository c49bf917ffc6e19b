"""Throttling of log-ins, checked before a password is hashed, that cannot lock out the account's owner.

Each attempt is counted as a failure before its password is checked, so that concurrent attempts do not bypass
the limit, and uncounted on success. A signed cookie identifies browsers in which the owner signed in before.
"""

from datetime import datetime
from functools import cached_property

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.db import transaction
from django.db.models import Max
from django.http import HttpRequest, HttpResponseBase
from django.utils.crypto import get_random_string, salted_hmac

from accounts import pauses
from accounts.models import LoginFailures
from encryption.email_addresses import address_hash
from queues.database_clock import database_now
from web.client_address import client_address, network_of

SALT = "accounts.throttle"
KNOWN_SECONDS = 180 * 24 * 3600


class Paused(Exception):
    """Log-in attempts are refused for another `seconds`."""

    def __init__(self, seconds: int) -> None:
        super().__init__("log-in paused")
        self.seconds = seconds


class Attempt:
    """One attempt to log in to the account with this normalised address."""

    def __init__(self, request: HttpRequest, address: str) -> None:
        self.account = address_hash(address)
        self.network = network_of(client_address(request))
        self.browser = known_browser(request, self.account)

    @cached_property
    def limits(self) -> dict[str, pauses.Limit]:
        """Map the keys that this attempt is counted by to their limits."""
        if self.browser:
            return {key_of("browser", self.account, self.browser): pauses.BROWSER}
        return {
            key_of("pair", self.account, self.network): pauses.PAIR,
            key_of("account", self.account): pauses.ACCOUNT,
            key_of("network", self.network): pauses.NETWORK,
            key_of("installation"): pauses.INSTALLATION,
        }

    def start(self) -> None:
        """Count the attempt as a failure. Raises Paused, without counting, while a key is paused."""
        now = database_now()
        counted = LoginFailures.objects.filter(key__in=self.limits)
        refuse_while_paused(counted.aggregate(latest=Max("paused_until"))["latest"], now)
        with transaction.atomic():
            LoginFailures.objects.bulk_create(
                [LoginFailures(key=key, failed_at=now, paused_until=now) for key in sorted(self.limits)],
                ignore_conflicts=True,
            )
            rows = list(counted.select_for_update().order_by("key"))
            refuse_while_paused(max(row.paused_until for row in rows), now)
            for row in rows:
                row.count_failure(now, self.limits[row.key].pause(row.failures_at(now) + 1))
            LoginFailures.objects.bulk_update(rows, ["failures", "failed_at", "paused_until"])

    def succeed(self) -> None:
        """Reset the account's failures; of the network and installation, uncount only this attempt."""
        with transaction.atomic():
            for row in LoginFailures.objects.select_for_update().filter(key__in=self.limits).order_by("key"):
                own = self.limits[row.key] in (pauses.PAIR, pauses.BROWSER, pauses.ACCOUNT)
                row.failures = 0 if own else max(row.failures - 1, 0)
                row.paused_until = row.failed_at
                row.save(update_fields=["failures", "paused_until"])


def refuse_while_paused(until: datetime | None, now: datetime) -> None:
    if until and until > now:
        raise Paused(int((until - now).total_seconds()) + 1)


def key_of(*parts: str) -> str:
    return salted_hmac(SALT, "\n".join(parts), algorithm="sha256").hexdigest()


def known_browser(request: HttpRequest, account: str) -> str:
    """The random id of this browser if the account was used in it before, else ''."""
    mark = request.COOKIES.get(settings.KNOWN_BROWSER_COOKIE_NAME, "")
    try:
        found_account, _, browser = (
            TimestampSigner(salt=SALT).unsign(mark, max_age=KNOWN_SECONDS).partition(".")
        )
    except BadSignature:
        return ""
    return browser if found_account == account else ""


def remember_browser(request: HttpRequest, response: HttpResponseBase, address: str) -> None:
    """Set the signed cookie of a known browser, after a log-in or the use of a mailed link."""
    account = address_hash(address)
    if known_browser(request, account):
        return
    mark = TimestampSigner(salt=SALT).sign(f"{account}.{get_random_string(22)}")
    response.set_cookie(
        settings.KNOWN_BROWSER_COOKIE_NAME,
        mark,
        max_age=KNOWN_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
