"""Health of what other servers say: the mail server, its DNS records, and the certificate of the form."""

import socket
import ssl
import time
from collections.abc import Iterator
from datetime import timedelta
from smtplib import SMTPException
from urllib.parse import urlsplit

import dns.exception
from django.conf import settings
from django.core.mail import get_connection
from dns.resolver import Resolver

from monitoring.findings import Finding, Level, Threshold, measured, stated

SECONDS = 4.0
CERTIFICATE = Threshold(21, 7, "days")
USUAL_SELECTORS = ("default", "selector1", "selector2", "google", "k1", "s1", "mail", "dkim", "smtp")


def mail() -> Iterator[Finding]:
    """Whether the server takes a connection and our log-in; SPF, DKIM and DMARC of the sender's domain."""
    if not settings.MAIL_IS_SET_UP:
        yield stated(
            "Mail",
            "server",
            Level.GREEN if settings.DEVELOPMENT else Level.AMBER,
            "not set up",
            reason="Without EMAIL_URL mails to prospects wait, and nobody is told of alarms by mail.",
            fix="Set EMAIL_URL and DEFAULT_FROM_EMAIL.",
        )
        return
    yield mail_server()
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip(">").lower()
    if "." in domain and not settings.DEVELOPMENT:
        yield from sender_records(domain)


def mail_server() -> Finding:
    begun = time.perf_counter()
    connection = get_connection(timeout=SECONDS)
    try:
        connection.open()
        connection.close()
    except (OSError, SMTPException) as error:
        return stated(
            "Mail",
            "server",
            Level.RED,
            type(error).__name__,
            threshold=f"red without an answer in {SECONDS:.0f} s",
            reason="The mail server cannot be reached, or refuses our log-in. Mails wait.",
            fix="See EMAIL_URL: host, port, scheme, user and password.",
        )
    return stated("Mail", "server", Level.GREEN, f"answers in {1000 * (time.perf_counter() - begun):.0f} ms")


def sender_records(domain: str) -> Iterator[Finding]:
    """SPF, DKIM and DMARC in DNS; amber where there is none, not known where DNS does not answer."""
    selectors = [settings.DKIM_SELECTOR] if settings.DKIM_SELECTOR else list(USUAL_SELECTORS)
    yield record("SPF", [domain], "v=spf1", f"Publish a TXT record at {domain} that names your mail server.")
    yield record(
        "DKIM",
        [f"{selector}._domainkey.{domain}" for selector in selectors],
        "p=",
        "Publish the key that your mail server signs with, and set DKIM_SELECTOR.",
    )
    yield record("DMARC", [f"_dmarc.{domain}"], "v=dmarc1", f"Publish a TXT record at _dmarc.{domain}.")


def record(name: str, places: list[str], mark: str, fix: str) -> Finding:
    try:
        found = any(mark in text.lower() for place in places for text in texts(place))
    except dns.exception.DNSException as error:
        return stated("Mail", name, Level.GREEN, f"not known: DNS does not answer ({type(error).__name__})")
    return stated(
        "Mail",
        name,
        Level.GREEN if found else Level.AMBER,
        "published" if found else "none found",
        threshold="amber without a record",
        reason="" if found else "Receivers trust mails less, or refuse them.",
        fix="" if found else fix,
    )


def texts(place: str) -> list[str]:
    """The TXT records of a name; [] if there are none. Raises DNSException when DNS does not answer."""
    resolver = Resolver()
    resolver.lifetime = SECONDS / 2
    try:
        return [b"".join(each.strings).decode("ascii", "replace") for each in resolver.resolve(place, "TXT")]
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return []


def certificates() -> Iterator[Finding]:
    """Days until the certificate of PUBLIC_URL expires."""
    address = urlsplit(settings.PUBLIC_URL or "")
    if address.scheme != "https" or not address.hostname:
        yield stated("Certificates", "form", Level.GREEN, "PUBLIC_URL uses no TLS, or is not set")
        return
    yield certificate_of(address.hostname, address.port or 443)


def certificate_of(host: str, port: int, context: ssl.SSLContext | None = None) -> Finding:
    try:
        with (
            socket.create_connection((host, port), timeout=SECONDS) as connection,
            (context or ssl.create_default_context()).wrap_socket(connection, server_hostname=host) as tls,
        ):
            ends = ssl.cert_time_to_seconds(str((tls.getpeercert() or {})["notAfter"]))
    except ssl.SSLCertVerificationError as error:
        return stated(
            "Certificates",
            host,
            Level.RED,
            "refused",
            threshold=str(CERTIFICATE),
            reason=f"Browsers refuse the certificate: {error.verify_message}.",
            fix="Renew the certificate, and see that the proxy loads it.",
        )
    except OSError as error:
        return stated(
            "Certificates",
            host,
            Level.AMBER,
            type(error).__name__,
            threshold=str(CERTIFICATE),
            reason="The form does not answer at PUBLIC_URL from here.",
            fix="See PUBLIC_URL, and the proxy.",
        )
    left = timedelta(seconds=ends - time.time())
    return measured(
        "Certificates",
        host,
        left.total_seconds() / 86400,
        CERTIFICATE,
        words=f"{left.days} days left",
        reason="The certificate expires soon; then no browser opens the form.",
        fix="Renew it, and see why it was not renewed by itself (certbot, Caddy).",
    )
