"""POST to an address that staff entered, without a way into our own network (SSRF).

The host is resolved once, every answer must be a public address, and the connection goes to the address that
was checked, so a name that changes its answer leads nowhere else. No redirects, no proxies.
"""

import ipaddress
import socket
from contextlib import closing
from urllib.parse import quote, urlsplit

import certifi
import urllib3
from django.conf import settings
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError

from encryption.email_addresses import ascii_domain

SECONDS = 10.0
URL_CHARACTERS = "%/:=&?~#+!$,;'@()*[]"  # left as they are; all others are percent-encoded
GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # an IPv4 address, behind a translator
LONGEST_ANSWER = 1024  # bytes read of an answer; nothing in it matters


class TryAgain(Exception):
    """The receiver is away or busy."""


class Refused(Exception):
    """The receiver refuses this call; it will not change its mind."""


class Forbidden(Exception):
    """The address is not one that we may call."""


def public_addresses(url: str) -> tuple[str, int, list[str]]:
    """Return (host, port, addresses to try in order). Raises Forbidden, and TryAgain for an unknown name."""
    try:
        parts = urlsplit(url)
        host = ascii_domain((parts.hostname or "").rstrip("."))
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError as error:
        raise Forbidden("bad_url") from error
    private = settings.WEBHOOKS_MAY_BE_PRIVATE
    if parts.scheme not in (("https", "http") if private else ("https",)) or not is_plain(host, parts.netloc):
        raise Forbidden("bad_url")
    try:
        found = [str(each[4][0]) for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError) as error:
        raise TryAgain("no_such_host") from error
    if not private and not all(map(is_public, found)):
        raise Forbidden("private_address")
    return host, port, list(dict.fromkeys(found))


def is_plain(host: str, netloc: str) -> bool:
    """Whether this is a host without user, password and characters that no host name has."""
    return bool(host) and host.isascii() and "@" not in netloc and not set(host) & set(' "<>%\\')


def is_public(address: str) -> bool:
    """Whether anybody on the internet can be reached there: no private IPv4 inside an IPv6 address either."""
    parsed = ipaddress.ip_address(address.partition("%")[0])
    inner = [parsed]
    if isinstance(parsed, ipaddress.IPv6Address):
        inner += filter(None, [parsed.ipv4_mapped, parsed.sixtofour, *(parsed.teredo or ())])
        if parsed in NAT64:
            inner.append(ipaddress.IPv4Address(int(parsed) & 0xFFFFFFFF))
        elif parsed not in GLOBAL_UNICAST:
            return False
    return all(each.is_global and not each.is_multicast for each in inner)


def post(url: str, content: bytes, headers: dict[str, str]) -> None:
    """Deliver a body. Returns on 2xx; raises TryAgain, Refused or Forbidden with a code."""
    host, port, addresses = public_addresses(url)
    parts = urlsplit(url)
    target = quote(parts.path or "/", safe=URL_CHARACTERS)
    target += f"?{quote(parts.query, safe=URL_CHARACTERS)}" if parts.query else ""
    named = f"[{host}]" if ":" in host else host
    usual = port == (443 if parts.scheme == "https" else 80)
    sent = {"Host": named if usual else f"{named}:{port}", "Content-Type": "application/json", **headers}
    status = first_answer(
        [connection_pool(parts.scheme, host, port, address) for address in addresses], target, content, sent
    )
    if status in (408, 425, 429) or status >= 500:
        raise TryAgain(f"http_{status}")
    if not 200 <= status < 300:
        raise Refused(f"http_{status}")


def first_answer(
    pools: list[urllib3.HTTPConnectionPool], target: str, content: bytes, headers: dict[str, str]
) -> int:
    """The status from the first address that can be connected to: a host may have some out of our reach."""
    for pool in pools:
        with closing(pool):
            try:
                answer = send(pool, target, content, headers)
            except (NewConnectionError, ConnectTimeoutError):
                continue
            except HTTPError as error:
                raise TryAgain("no_answer") from error
            return answer.status
    raise TryAgain("no_answer")


def send(
    pool: urllib3.HTTPConnectionPool, target: str, content: bytes, headers: dict[str, str]
) -> urllib3.BaseHTTPResponse:
    """POST without following redirects or trying again, and read a little of the answer."""
    answer = pool.urlopen(
        "POST", target, body=content, headers=headers, redirect=False, retries=False, preload_content=False
    )
    answer.read(LONGEST_ANSWER)
    answer.release_conn()
    return answer


def connection_pool(scheme: str, host: str, port: int, address: str) -> urllib3.HTTPConnectionPool:
    """A pool that connects to `address` and, with TLS, insists on a certificate of `host`."""
    timeout = urllib3.Timeout(total=SECONDS)
    if scheme == "http":
        return urllib3.HTTPConnectionPool(address, port, timeout=timeout)
    return urllib3.HTTPSConnectionPool(
        address,
        port,
        timeout=timeout,
        cert_reqs="CERT_REQUIRED",
        ca_certs=certifi.where(),
        server_hostname=host,
        assert_hostname=host,
    )
