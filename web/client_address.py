"""Who asks: the address of the client, and the keyed hash under which we remember it.

The key is random, lives in Redis only, serves for one day and is destroyed after seven: a copy of the
database alone gives no address back (docs/privacy.md). With Redis gone each process makes a key of its
own for that day: hashes no longer match across processes, and nothing else is lost.
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


def address(request: HttpRequest) -> str:
    """The client's address: the peer, or the entry that the outermost trusted proxy appended.

    Entries further left are what the client claims; they are never believed.
    """
    peer: str = request.META.get("REMOTE_ADDR", "")
    hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    if not settings.TRUSTED_PROXY_COUNT or len(hops) < settings.TRUSTED_PROXY_COUNT:
        return peer
    return hops[-settings.TRUSTED_PROXY_COUNT].strip() or peer


def address_hash(request: HttpRequest) -> str:
    """64 hex digits that stand for the client of this request, today."""
    return keyed_hash(network(address(request)), key_of(datetime.now(UTC).date()))


def keyed_hash(text: str, key: bytes) -> str:
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def network(text: str) -> str:
    """An IPv4 address as it is, an IPv6 address as its /64: one household holds all of that."""
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return "unknown"
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)


def key_of(day: date) -> bytes:
    """The key of that day, shared by all processes through Redis; asked for once a day and process."""
    if key := _keys.get(day):
        return key
    shared = counters().remember(f"client-key:{day}", secrets.token_hex(32), seconds=KEY_SECONDS)
    return kept(_keys, day, shared.encode()) if shared else own_key_of(day)


def own_key_of(day: date) -> bytes:
    return _own_keys.get(day) or kept(_own_keys, day, secrets.token_bytes(32))


def kept(keys: dict[date, bytes], day: date, key: bytes) -> bytes:
    """The key, put in the place of those of other days; another thread may do the same meanwhile."""
    keys.clear()
    return keys.setdefault(day, key)
