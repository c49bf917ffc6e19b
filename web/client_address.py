"""The client's network address, and the keyed hash that is stored in its place.

The key is random, lives in Redis only, is used for one day and deleted after seven, so a copy of the database
reveals no address (docs/privacy.md). Without Redis each process makes its own key for the day: hashes then do
not match across processes.
"""

import hmac
import ipaddress
import logging
import re
import secrets
from datetime import UTC, date, datetime

from django.conf import settings
from django.http import HttpRequest

from web.shared_counters import counters

BRACKETED = re.compile(r"\[(?P<address>[^\]]+)\](:\d+)?")
# IPv4 clients of an IPv6-only data centre, in the last 32 bits: RFC 6052, RFC 8215, RFC 7915
TRANSLATED = tuple(map(ipaddress.IPv6Network, ("64:ff9b::/96", "64:ff9b:1::/48", "::ffff:0:0:0/96")))
WITH_PORT = re.compile(r"(?P<address>[^:]+|.+\.\d+):\d+")  # also ::ffff:192.0.2.1:80

KEY_SECONDS = 7 * 24 * 3600

logger = logging.getLogger(__name__)

_keys: dict[date, bytes] = {}  # of one day
_own_keys: dict[date, bytes] = {}  # also of one day: must not outlive the shared key


def client_address(request: HttpRequest) -> str:
    """The client's IP address: the peer, or the entry that the outermost trusted proxy appended.

    Entries further left can be forged by the client and are ignored. An invalid entry falls back to the peer.
    '' if the peer has no address (a Unix socket).
    """
    hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    if settings.TRUSTED_PROXY_COUNT and len(hops) >= settings.TRUSTED_PROXY_COUNT:
        if forwarded := parse_ip(hops[-settings.TRUSTED_PROXY_COUNT]):
            return forwarded
        logger.warning(
            "X-Forwarded-For of the trusted proxy holds no address; the proxy counts as the client"
        )
    return parse_ip(request.META.get("REMOTE_ADDR", ""))


def parse_ip(text: str) -> str:
    """The IP address in `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1`, `[2001:db8::1]:80`; '' for anything else.

    Quotes and a zone id (`%eth0`) are dropped; IPv4 mapped or translated into IPv6 is given as IPv4.
    """
    matched = BRACKETED.fullmatch(text.strip().strip('"')) or WITH_PORT.fullmatch(text.strip().strip('"'))
    address = matched["address"] if matched else text.strip().strip('"')
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    if isinstance(parsed, ipaddress.IPv6Address) and any(parsed in network for network in TRANSLATED):
        return str(ipaddress.IPv4Address(int(parsed) & 0xFFFFFFFF))
    return str(parsed)


def client_hash(request: HttpRequest) -> str:
    """The HMAC of the client's network under the key of the day, in 64 hex digits."""
    return keyed_hash(network_of(client_address(request)), daily_key(datetime.now(UTC).date()))


def keyed_hash(text: str, key: bytes) -> str:
    return hmac.digest(key, text.encode(), "sha256").hex()


def network_of(address: str) -> str:
    """Of an address as `parse_ip` gives it: an IPv4 address itself, or the /64 of one household."""
    if not address:
        return "unknown"
    return str(ipaddress.ip_network((address, 64), strict=False)) if ":" in address else address


def daily_key(day: date) -> bytes:
    """The key of a day, shared through Redis and cached by each process."""
    if key := _keys.get(day):
        return key
    shared = counters().get_or_set(f"client-key:{day}", secrets.token_hex(32), seconds=KEY_SECONDS)
    return store_key(_keys, day, shared.encode()) if shared else process_key(day)


def process_key(day: date) -> bytes:
    return _own_keys.get(day) or store_key(_own_keys, day, secrets.token_bytes(32))


def store_key(keys: dict[date, bytes], day: date, key: bytes) -> bytes:
    """Cache the key and drop those of other days. Thread-safe."""
    keys.clear()
    return keys.setdefault(day, key)
