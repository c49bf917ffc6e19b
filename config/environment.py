"""Reading the environment: a value of the wrong kind ends the process with one line, never a traceback."""

import ipaddress
import os
import sys
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent

_env = environ.Env()
_env.read_env(os.environ.get("ENV_FILE") or BASE_DIR / ".env")

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


def stop(setting: str, problem: str, fix: str) -> NoReturn:
    """End the process: a half-configured product must not start."""
    sys.exit(f"{setting} {problem}. {fix}")


def text(name: str, default: str = "") -> str:
    """The value; the default also for an empty one, which compose files pass for what is not set."""
    return str(_env.str(name, default=default)).strip() or default


def switch(name: str, *, default: bool) -> bool:
    value = text(name).lower()
    if value and value not in SWITCH:
        stop(name, f"is {value!r}", "Set it to true or false.")
    return SWITCH[value] if value else default


def number(name: str, default: int, *, least: int = 0, most: int | None = None) -> int:
    value = text(name, str(default))
    if not value.isdecimal():
        stop(name, f"is {value!r}", "Set it to a whole number.")
    if int(value) < least or (most is not None and int(value) > most):
        stop(name, f"is {value}", f"Set it to {least} or more{f', {most} at most' if most else ''}.")
    return int(value)


def words(name: str, default: list[str]) -> list[str]:
    """A list, separated by commas."""
    found = [word.strip() for word in text(name).split(",") if word.strip()]
    return found or default


def pairs(name: str, default: dict[str, str]) -> dict[str, str]:
    """`key=value` pairs, separated by commas."""
    split = [word.partition("=") for word in words(name, [])]
    if not all(equals and key and value for key, equals, value in split):
        stop(name, "is not a list of pairs", "Set it to key=value, separated by commas.")
    return {key.strip(): value.strip() for key, _, value in split} or default


def choice(name: str, default: str, allowed: tuple[str, ...]) -> str:
    value = text(name, default)
    if value not in allowed:
        stop(name, f"is {value!r}", f"Use one of: {', '.join(allowed)}.")
    return value


def time_zone(name: str) -> str:
    value = text(name)
    try:
        return ZoneInfo(value).key if value else ""
    except (KeyError, ValueError, OSError):
        stop(name, f"is {value!r}", "Set it to a time zone such as Europe/Berlin.")


def url(name: str, default: str, *, schemes: tuple[str, ...], example: str) -> str:
    value = text(name, default)
    if not value:
        stop(name, "is missing", f"Set it to {example}.")
    if urlsplit(value).scheme not in schemes:
        stop(name, f"does not start with {schemes[0]}://", f"Set it to {example}.")
    return value


def redis(name: str, default: str) -> str:
    return url(name, default, schemes=("redis", "rediss"), example="redis://:password@host:6379/0")


def is_loopback() -> bool:
    """Does the server listen on this machine only? script/server does unless HOST says otherwise."""
    host = text("HOST", "127.0.0.1").strip("[]")
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def home(hosts: list[str]) -> str:
    """https:// and the first of these hosts; '' when that is a pattern, at which nobody lives."""
    return "" if hosts[0].startswith(("*", ".")) else f"https://{hosts[0]}"


def redis_database(address: str, number: int) -> str:
    """The same Redis, another of its databases."""
    return urlsplit(address)._replace(path=f"/{number}").geturl()


def mail(address: str) -> dict[str, Any]:
    """Django's settings for a mail URL; without one, mail goes nowhere."""
    try:
        found = dict(_env.email_url_config(address or "dummymail://"))
    except (ImproperlyConfigured, ValueError):  # both quote the address, which holds a password
        found = {}
    if not found or (address.startswith("smtp") and not found["EMAIL_HOST"]):
        stop("EMAIL_URL", "cannot be read", "Set it to smtp+tls://user:password@host:587.")
    return found


def database(address: str) -> dict[str, Any]:
    """Django's settings for a database URL."""
    try:
        return dict(_env.db_url_config(address))
    except ValueError:  # quotes the address, which holds a password
        stop("DATABASE_URL", "cannot be read", "Set it to postgresql://user:password@host:5432/name.")
