"""The client's network address, and the keyed hash that is stored in its place.

The key is random, lives in Redis only, is used for one day and deleted after seven, so a copy of the database
reveals no address (docs/privacy.md). Without Redis each process makes its own key for the day: hashes then do
not match across processes.
"""

import hashlib
import hmac
import ipaddress
import secrets
from datetime import UTC, date, datetime

from django.conf import settings
from django.http import HttpRequest

from web.shared_counters import counters

KEY_SECONDS = 7 * 24 * 3600

_keys: dict[date, bytes] = {}  # of one day
_own_keys: dict[date, bytes] = {}  # of one day too: it must not outlive the shared one


def client_address(request: HttpRequest) -> str:
    """The client's address: the peer, or the entry that the outermost trusted proxy appended.

    Entries further left are what the client claims; they are never believed.
    """
    peer: str = request.META.get("REMOTE_ADDR", "")
    hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    if not settings.TRUSTED_PROXY_COUNT or len(hops) < settings.TRUSTED_PROXY_COUNT:
        return peer
    return hops[-settings.TRUSTED_PROXY_COUNT].strip() or peer


def client_hash(request: HttpRequest) -> str:
    """The HMAC of the client's network under the key of the day, in 64 hex digits."""
    return keyed_hash(network_of(client_address(request)), daily_key(datetime.now(UTC).date()))


def keyed_hash(text: str, key: bytes) -> str:
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def network_of(text: str) -> str:
    """The IPv4 address itself, or the /64 of an IPv6 address, which one household owns as a whole."""
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return "unknown"
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)


def daily_key(day: date) -> bytes:
    """The key of that day, shared through Redis; read once a day per process."""
    if key := _keys.get(day):
        return key
    shared = counters().get_or_set(f"client-key:{day}", secrets.token_hex(32), seconds=KEY_SECONDS)
    return store_key(_keys, day, shared.encode()) if shared else process_key(day)


def process_key(day: date) -> bytes:
    return _own_keys.get(day) or store_key(_own_keys, day, secrets.token_bytes(32))


def store_key(keys: dict[date, bytes], day: date, key: bytes) -> bytes:
    """Store the key and drop those of other days; safe when another thread does the same."""
    keys.clear()
    return keys.setdefault(day, key)
