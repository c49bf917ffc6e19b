"""Disposable domains, and misspelt well-known domains. Pure."""

from difflib import get_close_matches

from disposable_email_domains import blocklist

# Large consumer mail providers: a domain similar to one of these is most likely a typo. Short names such as
# me.com or gmx.de are left out: too many company domains are similar to them.
WELL_KNOWN = (
    *("gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "yahoo.com", "icloud.com"),
    *("protonmail.com", "yahoo.de", "t-online.de", "freenet.de", "mailbox.org", "bluewin.ch"),
)
REAL = frozenset({"mail.com", "email.com", "ymail.com", "hotmail.co.uk", "yahoo.dk"})  # similar, and real
CLOSE = 0.85  # for difflib: gmial.com and gmail.con match, fastmail.com does not


def domain_of(address: str) -> str:
    return address.rpartition("@")[2].lower()


def is_disposable(address: str) -> bool:
    """Whether the domain, or a parent of it, is on the list of disposable domains."""
    labels = domain_of(address).split(".")
    return any(".".join(labels[place:]) in blocklist for place in range(len(labels) - 1))


def did_you_mean(address: str | None) -> str:
    """The address with the well-known domain that was probably meant; '' if nothing looks wrong."""
    name, _, domain = (address or "").rpartition("@")
    if not name or len(domain) > 30 or domain in WELL_KNOWN or domain in REAL:
        return ""
    close = get_close_matches(domain, WELL_KNOWN, n=1, cutoff=CLOSE)
    return f"{name}@{close[0]}" if close else ""
