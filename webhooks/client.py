"""POST to an address that staff entered, without a way into our own network (SSRF).

The host is resolved once, every answer must be a public address, and the connection goes to the address that
was checked, so a name that changes its answer leads nowhere else. No redirects, no proxies.
"""

import ipaddress
import socket
from urllib.parse import urlsplit

import certifi
import urllib3
from django.conf import settings
from urllib3.exceptions import HTTPError

SECONDS = 10.0
LONGEST_ANSWER = 1024  # bytes read of an answer; nothing in it matters


class TryAgain(Exception):
    """The receiver is away or busy."""


class Refused(Exception):
    """The receiver refuses this call; it will not change its mind."""


class Forbidden(Exception):
    """The address is not one that we may call."""


def public_address(url: str) -> tuple[str, int, str]:
    """Return (host, port, address to connect to). Raises Forbidden, and TryAgain for an unknown name."""
    parts = urlsplit(url)
    try:
        host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError as error:
        raise Forbidden("bad_url") from error
    private = settings.WEBHOOKS_MAY_BE_PRIVATE
    if parts.scheme not in (("https", "http") if private else ("https",)) or not host or parts.username:
        raise Forbidden("bad_url")
    try:
        found = {str(each[4][0]) for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError) as error:
        raise TryAgain("no_such_host") from error
    if not private and not all(ipaddress.ip_address(each.partition("%")[0]).is_global for each in found):
        raise Forbidden("private_address")
    return host, port, min(found)


def post(url: str, content: bytes, headers: dict[str, str]) -> None:
    """Deliver a body. Returns on 2xx; raises TryAgain, Refused or Forbidden with a code."""
    host, port, address = public_address(url)
    parts = urlsplit(url)
    pool = connection_pool(parts.scheme, host, port, address)
    target = parts.path or "/"
    target += f"?{parts.query}" if parts.query else ""
    sent = {"Host": parts.netloc, "Content-Type": "application/json", **headers}
    try:
        answer = pool.urlopen(
            "POST", target, body=content, headers=sent, redirect=False, retries=False, preload_content=False
        )
        answer.read(LONGEST_ANSWER)
        answer.release_conn()
    except HTTPError as error:
        raise TryAgain("no_answer") from error
    finally:
        pool.close()
    if answer.status in (408, 425, 429) or answer.status >= 500:
        raise TryAgain(f"http_{answer.status}")
    if not 200 <= answer.status < 300:
        raise Refused(f"http_{answer.status}")


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
