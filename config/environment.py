"""Typed readers of environment variables; an invalid value ends the process with a one-line message."""

import ipaddress
import os
import re
import socket
import sys
from pathlib import Path
from typing import NoReturn
from urllib.parse import SplitResult, urlsplit
from zoneinfo import available_timezones

import idna

from config.env_file import read_env_file

BASE_DIR = Path(__file__).resolve().parent.parent

read_env_file(BASE_DIR / ".env")

SWITCH = {
    "true": True,
    "1": True,
    "yes": True,
    "on": True,
    "false": False,
    "0": False,
    "no": False,
    "off": False,
}
HOST_NAME = re.compile(
    r"(\*|\.?([a-z0-9_]([a-z0-9_-]*[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]*[a-z0-9])?\.?|\[[0-9a-f:.]+\])"
)
KEY = re.compile(r"[a-z][a-z0-9_]*")
ORIGIN = re.compile(r"https?://(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*(:\d+)?")
PLACEHOLDER = re.compile(
    r"[<>\"'`]|\$\{\w+\}|\$\(\w+ |\{\{|change.?me|replace.?(me|it|this)"
    r"|your.{0,15}(secret|token|key|password)|x{6}|^(none|null|nil|undefined|todo)$",
    re.IGNORECASE,
)
LONGEST_NUMBER = 100  # digits
RANDOM = 10  # different characters, fewer than any random secret has
PORTAL = re.compile(r"(https://[^/@?#\s]+/contacts/\d+)([/?#]\S*)?")
MAKE_ONE = "python -c 'import secrets; print(secrets.token_urlsafe(32))'"
DEVELOPMENT_KEY = "only-for-development-" * 3
PERSON_PROPERTIES = ("email", "firstname", "lastname", "company", "phone")


def refuse_start(setting: str, problem: str, fix: str) -> NoReturn:
    """Exit with a message, so that a misconfigured product does not start."""
    sys.exit(f"{setting} {problem}. {fix}")


def text(name: str, default: str = "") -> str:
    """The value, or the default if unset or empty, as compose files pass unset variables as empty ones."""
    return os.environ.get(name, "").strip() or default


def switch(name: str, *, default: bool) -> bool:
    value = text(name).lower()
    if value and value not in SWITCH:
        refuse_start(name, "is neither true nor false", "Set it to true or false.")
    return SWITCH[value] if value else default


def number(name: str, default: int, *, least: int = 0, most: int | None = None) -> int:
    value = text(name, str(default))
    if not value.isascii() or not value.isdecimal() or len(value) > LONGEST_NUMBER:
        refuse_start(name, "is no whole number", "Set it to digits alone, without a unit.")
    if int(value) < least or (most is not None and int(value) > most):
        bounds = f"{least} or more{f', {most} at most' if most else ''}"
        refuse_start(name, "is out of bounds", f"Set it to {bounds}.")
    return int(value)


def word_list(name: str, default: list[str]) -> list[str]:
    """A comma-separated list."""
    found = [word.strip() for word in text(name).split(",") if word.strip()]
    return found or default


def key_values(name: str, default: dict[str, str], *, keys: tuple[str, ...] = ()) -> dict[str, str]:
    """Comma-separated `key=property` pairs, each key one of `keys` if given, each property named once."""
    split = [word.partition("=") for word in word_list(name, [])]
    if not all(equals and key and value for key, equals, value in split):
        refuse_start(name, "is not a list of pairs", "Set it to key=value, separated by commas.")
    found = {key.strip(): value.strip() for key, _, value in split}
    if not all(KEY.fullmatch(word) for pair in found.items() for word in pair):
        refuse_start(name, "holds something other than internal names", "Use lower case, digits and _ only.")
    if keys and not found.keys() <= set(keys):
        refuse_start(name, "names something unknown", f"Before the =, use: {', '.join(keys)}.")
    if len(found) < len(split):
        refuse_start(name, "says something twice", "Write each name before a = once.")
    return found or default


def distinct_properties(**maps: dict[str, str]) -> None:
    """Reject a contact property that two settings, or two entries of one, would write."""
    taken = set(PERSON_PROPERTIES)
    for name, properties in maps.items():
        for property in filter(None, properties.values()):
            if property in taken:
                refuse_start(
                    name, f"writes {property}, which something else writes", "Name another property."
                )
            taken.add(property)


def renames(name: str, names: tuple[str, ...], *, needed: tuple[str, ...] = ()) -> dict[str, str]:
    """Comma-separated `ours=theirs` renames of these names; `ours=` omits one."""
    split = [word.partition("=") for word in word_list(name, [])]
    found = {key.strip(): value.strip() for key, _, value in split}
    if not all(equals for _, equals, _ in split) or not found.keys() <= set(names):
        refuse_start(
            name, "is not a list of pairs", f"Set it to name=property, names being {', '.join(names)}."
        )
    if not all(KEY.fullmatch(property) for property in found.values() if property):
        refuse_start(name, "holds something other than internal names", "Use lower case, digits and _ only.")
    if len(found) < len(split):
        refuse_start(name, "says something twice", "Write each name before a = once.")
    for missing in (each for each in needed if found.get(each) == ""):
        refuse_start(name, f"leaves {missing} out", "Give it a name: it cannot be left out.")
    return found


def choice(name: str, default: str, allowed: tuple[str, ...]) -> str:
    value = text(name, default)
    if value not in allowed:
        refuse_start(name, "is none of its choices", f"Use one of: {', '.join(allowed)}.")
    return value


def time_zone(name: str) -> str:
    value = text(name)
    if value and value not in available_timezones():
        refuse_start(name, "is no time zone", "Set it to one such as Europe/Berlin.")
    return value


def secret(name: str, default: str = "", *, least: int = 0) -> str:
    """A key or token for use in headers: printable ASCII without spaces."""
    value = text(name, default)
    if value and (not value.isascii() or not value.isprintable() or " " in value):
        refuse_start(
            name, "holds a space or a special character", "Copy the value alone, without a word before it."
        )
    if is_placeholder(value):
        refuse_start(name, "holds an example in place of the value", "Copy the value itself.")
    if value and len(value) < least:
        refuse_start(name, f"is shorter than {least} characters", f"Set it to the output of: {MAKE_ONE}.")
    if value and least and is_guessable(value):
        refuse_start(name, "is no random text", f"Set it to the output of: {MAKE_ONE}.")
    return value


def encryption_keys(name: str, *, debug: bool) -> list[str]:
    """The keys, newest first; `none` in first place means that nothing new is encrypted."""
    found = word_list(name, [DEVELOPMENT_KEY] if debug else [])
    keys = found[1:] if found[:1] == ["none"] else found
    if any(re.search(r"[;\s]", key) for key in keys):
        refuse_start(name, "separates keys by something else", "Separate them by commas.")
    if not found or any(len(key) < 43 or (is_guessable(key) and not debug) for key in keys):
        refuse_start(
            name,
            "is missing, or holds a key that is guessable or shorter than 43 characters",
            f"Set it to the output of: {MAKE_ONE}, or to none.",
        )
    return found


def is_placeholder(value: str) -> bool:
    """Whether this is the text of an example: <your token>, changeme."""
    return bool(PLACEHOLDER.search(value))


def is_guessable(value: str) -> bool:
    """Whether nobody drew this at random: few different characters, or words of an example."""
    few = len(set(value)) < RANDOM or value.isdecimal()
    return few or value.startswith("django-insecure-") or is_placeholder(value)


def identifier(name: str, default: str) -> str:
    """An internal id of an external system, not a display name."""
    value = text(name, default)
    if re.search(r"\s", value):
        refuse_start(name, "holds a space", "Set it to the internal id, not to the name that people see.")
    if re.search(r"[/\"'<>]", value):
        refuse_start(name, "is an address or stands in quotes", "Set it to the internal id alone.")
    return value


def key(name: str, default: str) -> str:
    """A key of our own: lower-case letters, digits and _."""
    value = text(name, default)
    if not KEY.fullmatch(value):
        refuse_start(name, "is not a valid key", f"Use lower case, digits and _ only: {default}.")
    return value


def sentry_dsn(name: str) -> str:
    value = text(name)
    if value and not re.fullmatch(r"https?://[^/@\s]+@[^/@:\s]+(:\d+)?/(\S+/)?\d+", value):
        refuse_start(name, "cannot be read", "Set it to https://key@host/project.")
    return value


def portal_url(name: str) -> str:
    """The address of a HubSpot account in the browser, cut behind the account's number; '' if unset."""
    value = text(name)
    found = PORTAL.fullmatch(value)
    if value and (found is None or urlsplit(value).hostname == "api.hubapi.com"):
        refuse_start(
            name, "is not the address of an account", "Set it to https://app.hubspot.com/contacts/123."
        )
    return found[1] if found else ""


def hubspot_api(name: str) -> str:
    """The base URL of HubSpot's API, or of a simulator."""
    api = "https://api.hubapi.com"
    value = url(name, api, schemes=("https", "http"), example=api)
    host = urlsplit(value).hostname or ""
    if host.endswith("hubspot.com") or (host.endswith("hubapi.com") and not value.startswith("https://")):
        refuse_start(name, "is not where HubSpot's API answers", f"Set it to {api}.")
    return value


def public_url(name: str, default: str, hosts: list[str], *, tls: bool) -> str:
    """The base URL of links in mails: at one of `hosts`, if any; https if the form insists on `tls`."""
    example = "https://check.example.com"
    value = url(name, default, schemes=("https", "http"), example=example)
    if hosts and not any(matches_host(urlsplit(value).hostname or "", pattern) for pattern in hosts):
        refuse_start(name, "names a host that is not in ALLOWED_HOSTS", "Set it to where the form is.")
    if tls and not value.startswith("https://"):
        refuse_start(
            name, "begins with http://, from where the form sends to https://", f"Set it to {example}."
        )
    return value


def url(name: str, default: str, *, schemes: tuple[str, ...], example: str, path: bool = False) -> str:
    """A URL without trailing slash, with a host, without user and query; a path only if `path`."""
    value = text(name, default).rstrip("/")
    if not value:
        refuse_start(name, "is missing", f"Set it to {example}.")
    try:
        parts = ascii_netloc(urlsplit(value))
        value = parts.geturl()
        complete = bool(HOST_NAME.fullmatch(netloc_host(parts.hostname or ""))) and (parts.port or 1) > 0
    except ValueError:
        complete = False
    if not complete or parts.scheme not in schemes:
        refuse_start(name, f"does not start with {schemes[0]}:// and a host", f"Set it to {example}.")
    if "@" in parts.netloc or parts.query or parts.fragment or (parts.path and not path):
        refuse_start(name, "holds more than it may", f"Set it to {example}.")
    return value


def ascii_netloc(parts: SplitResult) -> SplitResult:
    """The parts of a URL with its host in lower case, and as browsers send it: müller.example as xn--…."""
    user, at, host = parts.netloc.rpartition("@")
    name, colon, port = host.partition(":") if "[" not in host else (host, "", "")
    return parts._replace(netloc=f"{user}{at}{ascii_host(name.lower())}{colon}{port}")


def ascii_host(host: str) -> str:
    """A host name in ASCII (IDNA 2008); one that is no name is returned as it is."""
    start = "." if host.startswith(".") else ""
    try:
        return host if host.isascii() else start + idna.encode(host[len(start) :], uts46=True).decode()
    except idna.IDNAError:
        return host


def matches_host(host: str, pattern: str) -> bool:
    """Whether an entry of ALLOWED_HOSTS allows this host, as Django reads it."""
    return pattern in ("*", netloc_host(host)) or (pattern.startswith(".") and f".{host}".endswith(pattern))


def netloc_host(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def origin_list(name: str) -> list[str]:
    """Origins (scheme and host) of other sites, as browsers send them: lower case, without the usual port."""
    found = [
        re.sub(r"^(https:.*):443$|^(http:.*):80$", r"\1\2", ascii_netloc(urlsplit(each)).geturl().lower())
        for each in word_list(name, [])
    ]
    if not all(ORIGIN.fullmatch(origin) for origin in found):
        refuse_start(
            name,
            "holds something other than origins",
            "Set it to https://www.example.com, separated by commas.",
        )
    return found


def host_names(name: str, default: list[str]) -> list[str]:
    """Host names without scheme, port and path."""
    written = [host.lower().rstrip(".") for host in word_list(name, default)]
    found = [netloc_host(host) if is_address(host) else ascii_host(host) for host in written]
    if not found:
        refuse_start(name, "is empty", "Set it to the host names of the form, separated by commas.")
    if not all(HOST_NAME.fullmatch(host) for host in found):
        refuse_start(
            name,
            "holds something other than host names",
            "Set it to check.example.com, without https:// and port.",
        )
    return found


def serves_loopback_only() -> bool:
    """Whether the server listens on loopback only, the default of script/server."""
    host = text("HOST", "127.0.0.1").strip("[]")
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def home(hosts: list[str]) -> str:
    """The https:// URL of the first host; '' if that is a wildcard pattern."""
    return "" if hosts[0].startswith(("*", ".")) else f"https://{hosts[0]}"


def file(name: str, default: str) -> Path:
    """The path of a file that need not exist, in an existing directory; relative to the project."""
    path = BASE_DIR / text(name, default)
    if path.is_dir() or not path.parent.is_dir():
        refuse_start(name, "is a directory, or in one that is not there", "Set it to the path of a file.")
    return path


def listen_address(default: str = "127.0.0.1") -> str:
    """HOST and PORT in gunicorn's format; IPv6 with or without brackets."""
    host = text("HOST", default).removeprefix("[").removesuffix("]")
    port = number("PORT", 8000, least=1, most=65535)
    if not is_address(host) and (host == "*" or not is_here(host)):
        refuse_start("HOST", "is not an address of this machine", "Set it to 127.0.0.1, 0.0.0.0, ::1 or ::.")
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def is_address(host: str) -> bool:
    """Whether `host` is an IPv4 or IPv6 address, without brackets."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def is_here(host: str) -> bool:
    """Whether this address or name can be bound to; conda sets HOST to a platform name, which cannot."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, 0, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.bind(address)
    except OSError:
        return False
    return True


def refuse_sub_path() -> None:
    """Reject SCRIPT_NAME, which gunicorn applies as a path prefix: cookies and styles need the root."""
    if text("SCRIPT_NAME").strip("/"):
        refuse_start("SCRIPT_NAME", "names a sub-path", "Give the form a host of its own: check.example.com.")
