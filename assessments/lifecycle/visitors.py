"""Browser, referrer and campaign of a visitor: nothing that identifies them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import ua_parser

from accounts.devices import device_name

UTM_FIELDS = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content")
PLAIN_WORDS = re.compile(r"[\w .+~|/-]{1,100}")  # no @: a campaign link must not carry an address
NUMBER = re.compile(r"\+?\d[\d ./-]{6,}\d")


@dataclass(frozen=True, slots=True)
class Visitor:
    """One browser at the start of a session; `browser` is {"browser", "version", "device", "os"},
    `variants` is {experiment: variant}.
    """

    client_hash: str | None = None
    user_agent: str = ""
    browser: dict[str, str] = field(default_factory=dict)
    referrer_source: str | None = None
    utm: dict[str, str] = field(default_factory=dict)
    variants: dict[str, str] = field(default_factory=dict)

    @property
    def variant(self) -> str | None:
        """All variants in one text, as far as 50 characters reach; None while nothing is tried."""
        return " ".join(f"{experiment}:{key}" for experiment, key in self.variants.items())[:50] or None


def browser_info(user_agent: str) -> dict[str, str]:
    """Browser, major version, device class and system of a user agent; what is unknown is left out."""
    seen = ua_parser.parse(user_agent[:500])
    info = {"device": device_class(user_agent, seen)}
    if seen.user_agent:
        info["browser"] = seen.user_agent.family
        if seen.user_agent.major:
            info["version"] = seen.user_agent.major
    if seen.os:
        info["os"] = seen.os.family
    return info


def device_class(user_agent: str, seen: ua_parser.Result) -> str:
    """`bot`, `tablet`, `mobile` or `desktop`: robots are a class of their own."""
    family = seen.device.family if seen.device else ""
    if family == "Spider":
        return "bot"
    if family == "iPad" or "Tablet" in user_agent or ("Android" in user_agent and "Mobile" not in user_agent):
        return "tablet"
    return "mobile" if "Mobi" in user_agent else "desktop"


def campaign_values(parameters: Mapping[str, str]) -> dict[str, str]:
    """The UTM parameters that are plain words; what could be an address or a phone number is dropped."""
    found = {name: parameters.get(name, "").strip() for name in UTM_FIELDS}
    return {
        name: value
        for name, value in found.items()
        if PLAIN_WORDS.fullmatch(value) and not any(map(is_phone_number, NUMBER.findall(value)))
    }


def is_phone_number(number: str) -> bool:
    """A phone number, and not the bare number of a campaign or a date."""
    return sum(map(str.isdigit, number)) > 8 and (number[0] == "0" or not number.isdigit())


def referrer_host(referrer: str, *, own_host: str) -> str | None:
    """The host a visitor came from; None for our own pages and for what is no web address."""
    try:
        host = urlsplit(referrer).hostname
    except ValueError:
        return None
    if not host or host == own_host.partition(":")[0] or not re.fullmatch(r"[a-z0-9.-]{1,255}", host):
        return None
    return host


def visitor_of(
    headers: Mapping[str, str],
    *,
    parameters: Mapping[str, str],
    referrer: str,
    client_hash: str | None,
    variants: dict[str, str],
) -> Visitor:
    """The visitor behind a request: `parameters` are the UTM ones, `referrer` a host or an address."""
    user_agent = headers.get("User-Agent", "")[:500]
    return Visitor(
        client_hash=client_hash,
        user_agent=device_name(user_agent),
        browser=browser_info(user_agent),
        referrer_source=referrer_host(
            referrer if "://" in referrer else f"//{referrer}", own_host=headers.get("Host", "")
        ),
        utm=campaign_values(parameters),
        variants=variants,
    )
