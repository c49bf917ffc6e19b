"""Browser, referrer and campaign of a visitor: nothing that identifies a person."""

import logging
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import ua_parser

from accounts.devices import device_name
from assessments.bots.submit import device_signs
from assessments.models.signs import Sign

logger = logging.getLogger(__name__)

UTM_FIELDS = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content")
UNUSUAL = re.compile(r"[^\w .,:;+~|/()\[\]!?#%&*='\u2019\u2013\u2014-]")
ADDRESS = re.compile(r"\S@\S|%(?:25)*40|&#(?:64|x40);|[(\[{]\s*at\s*[)\]}]", re.IGNORECASE)
# A hash (of an address, as advertisers send it) or a UUID: each stands for one person.
KEY_OF_ONE = re.compile(
    r"(?<![0-9a-z])(?:[0-9a-f]{32,}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?![0-9a-z])", re.IGNORECASE
)
NUMBER = re.compile(r"\+?\d[\d ()./\u2013-]{6,}\d")
_YEAR, _MONTH, _DAY = r"20\d\d", r"(?:0?[1-9]|1[0-2])", r"(?:0?[1-9]|[12]\d|3[01])"
# 2026-11-28, 28.11.2026, 11/28/2026 or 20261128, with a time of day: 2026-11-28 10:15
DATE = re.compile(
    rf"(?<![\d+])(?:{_YEAR}([./-]){_MONTH}\1{_DAY}|(?:{_DAY}([./-]){_MONTH}|{_MONTH}([./-]){_DAY})[./-]{_YEAR}"
    rf"|{_YEAR}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))(?:[ T]\d\d?[:.]\d\d)?(?!\d)"
)


@dataclass(frozen=True, slots=True)
class Visitor:
    """One browser at the start of a session; `browser` is {"browser", "version", "device", "os"},
    `variants` is {experiment: variant}. A robot, or a test of ours, is marked from its start.
    """

    client_hash: str | None = None
    user_agent: str = ""
    browser: dict[str, str] = field(default_factory=dict)
    referrer_source: str | None = None
    utm: dict[str, str] = field(default_factory=dict)
    variants: dict[str, str] = field(default_factory=dict)
    signs: tuple[Sign, ...] = ()

    @property
    def variant(self) -> str | None:
        """All variants in one string, truncated to 50 characters; None without an experiment."""
        return " ".join(f"{experiment}:{key}" for experiment, key in self.variants.items())[:50] or None


def browser_info(user_agent: str) -> dict[str, str]:
    """Browser, major version, device class and system from a user agent; unknown parts are left out."""
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
    """`bot`, `tablet`, `mobile` or `desktop`."""
    family = seen.device.family if seen.device else ""
    if family == "Spider":
        return "bot"
    if family == "iPad" or "Tablet" in user_agent or ("Android" in user_agent and "Mobile" not in user_agent):
        return "tablet"
    return "mobile" if "Mobi" in user_agent else "desktop"


def campaign_values(parameters: Mapping[str, str]) -> dict[str, str]:
    """The UTM parameters with cleaned values, their names case-insensitive; empty ones are left out.

    `amp;utm_source` is what a link becomes whose & was escaped twice on its way into a mail.
    Click ids (gclid, fbclid, msclkid) are never read: each identifies one click of one person.
    """
    lower = {name.strip().lower().removeprefix("amp;"): value for name, value in parameters.items()}
    cleaned = {name: clean_campaign_value(lower[name]) for name in UTM_FIELDS if lower.get(name, "").strip()}
    for name in [name for name, value in cleaned.items() if not value]:
        logger.info(
            "%s was not stored: it is empty when cleaned, or looks like an address, a phone number or a hash",
            name,
        )
    return {name: value for name, value in cleaned.items() if value}


def clean_campaign_value(text: str) -> str:
    """A campaign value of at most 100 characters; '' if it looks like an address, a phone number or a hash.

    Letters, digits and common punctuation stay. Emoji, control characters, markup and quotes become spaces.
    """
    text = unicodedata.normalize("NFKC", text[:1000])
    numbers = NUMBER.findall(DATE.sub("|", text))
    if ADDRESS.search(text) or KEY_OF_ONE.search(text) or any(map(is_phone_number, numbers)):
        return ""
    return " ".join(UNUSUAL.sub(" ", text).split())[:100].strip()


def is_phone_number(number: str) -> bool:
    """Whether the value is a phone number, as opposed to a campaign id."""
    return sum(map(str.isdigit, number)) > 8 and (number[0] in "0+" or not number.isdigit())


def referrer_host(referrer: str, *, own_host: str) -> str | None:
    """The host of the referrer; None for our own pages and for anything but a web address."""
    try:
        host = urlsplit(referrer).hostname
    except ValueError:
        return None
    if not host or host == own_host.partition(":")[0] or not re.fullmatch(r"[a-z0-9.-]{1,255}", host):
        return None
    return host


def visitor_of(
    user_agent: str,
    *,
    own_host: str = "",
    parameters: Mapping[str, str],
    referrer: str,
    client_hash: str | None,
    variants: dict[str, str],
    is_test: bool = False,
) -> Visitor:
    """The visitor behind a request: `parameters` are the UTM ones, `referrer` is a host or a URL."""
    user_agent = user_agent[:500]
    browser = browser_info(user_agent)
    return Visitor(
        client_hash=client_hash,
        user_agent=device_name(user_agent),
        browser=browser,
        referrer_source=referrer_host(referrer if "://" in referrer else f"//{referrer}", own_host=own_host),
        utm=campaign_values(parameters),
        variants=variants,
        signs=(*device_signs(browser), *((Sign.TEST,) if is_test else ())),
    )
