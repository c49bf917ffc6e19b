"""Settings that hold e-mail addresses: whoever is alerted, whoever alone gets mail, and the senders."""

import re
from email.utils import formataddr

from config import environment as env

MAIL_ADDRESS = re.compile(
    r"[a-z0-9!#$%&'*+/=?^_{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_{|}~-]+)*"
    r"@([^\W_]([^\W_]|-)*\.)*(?!\d+$)[^\W_]([^\W_]|-)*",
    re.IGNORECASE,
)
SELECTOR = re.compile(r"[a-z0-9]([a-z0-9._-]*[a-z0-9])?", re.IGNORECASE)
NO_DOMAINS = ("localhost", "localdomain", "local", "invalid")  # nothing is delivered there from elsewhere


def canonical(address: str) -> str:
    """The address with its domain in ASCII, as mail servers take it: müller.example as xn--…."""
    local, at, domain = address.rpartition("@")
    return f"{local}{at}{env.ascii_host(domain)}"


def alerted(*, public: bool) -> list[str]:
    """Who is alerted, as a list of e-mail addresses; if mail is `public`, at public domains."""
    found = [canonical(each) for each in env.word_list("ADMINS", [])]
    if not all(map(MAIL_ADDRESS.fullmatch, found)):
        env.refuse_start(
            "ADMINS",
            "holds something other than e-mail addresses",
            "Separate addresses by commas, without names.",
        )
    if public and not all(map(has_public_domain, found)):
        env.refuse_start(
            "ADMINS", "holds an address at a local domain", "Set it to addresses that mail reaches."
        )
    return found


def has_public_domain(address: str) -> bool:
    domain = address.rpartition("@")[2]
    return "." in domain and domain.rpartition(".")[2] not in NO_DOMAINS


def dkim_selector() -> str:
    """The name of a DKIM key in DNS, without what stands behind it there; '' if unset."""
    value = env.text("DKIM_SELECTOR").partition("._domainkey")[0]
    if value and not SELECTOR.fullmatch(value):
        env.refuse_start(
            "DKIM_SELECTOR", "is no selector", "Set it to what stands before ._domainkey in DNS: mail2026."
        )
    return value


def only_to() -> list[str]:
    """Who alone gets mail: addresses, and domains as @example.com, in lower case."""
    found = [canonical(each.lower()) for each in env.word_list("MAIL_ONLY_TO", [])]
    if not all(
        MAIL_ADDRESS.fullmatch(each if each.partition("@")[0] else f"any{each}") for each in found
    ) or any(each.startswith("*") for each in found):
        env.refuse_start(
            "MAIL_ONLY_TO",
            "holds something other than addresses and domains",
            "Set it to sam@example.com or @example.com, separated by commas.",
        )
    return found


def sender(name: str, default: str, *, public: bool) -> str:
    """A sender, `address` or `Name <address>`; if mail is `public`, its domain must be a public one."""
    value = env.text(name, default)
    found = re.fullmatch(r"(?P<name>[^<>]*)<(?P<address>[^<>]*)>", value)
    title, address = (found["name"].strip().strip('"'), found["address"]) if found else ("", value)
    address = canonical(address)
    if not MAIL_ADDRESS.fullmatch(address):
        env.refuse_start(name, "is not an e-mail address", "Set it to noreply@example.com.")
    if public and not has_public_domain(address):
        problem = "is missing" if not env.text(name) else "is an address that no mail server takes"
        env.refuse_start(
            name, problem, "With EMAIL_URL, set it to an address at your domain: noreply@example.com."
        )
    return formataddr((title, address))


def senders(*, public: bool) -> tuple[str, str]:
    """The senders of alerts and of mails to prospects; each defaults to the other."""
    prospects = env.text("DEFAULT_FROM_EMAIL") and sender("DEFAULT_FROM_EMAIL", "", public=public)
    alerts = sender("SERVER_EMAIL", prospects or "root@localhost", public=public)
    return alerts, prospects or alerts
