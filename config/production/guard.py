"""The guard of environments: test and staging never reach real people by mail, nor a real HubSpot account."""

import re
from urllib.parse import urlsplit

from config import environment as env
from config.production import mail_addresses

ENVIRONMENTS = ("production", "staging", "test", "development")
GUARDED = ("staging", "test")
REAL_HUBSPOT = "hubapi.com"
API_KEY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def environment(*, debug: bool) -> str:
    return env.choice("ENVIRONMENT", "development" if debug else "production", ENVIRONMENTS)


def mail_backends(name: str, backend: str) -> tuple[str, str, list[str]]:
    """(backend, backend behind the guard, who may get mail): addresses, and domains as @example.com."""
    allowed = mail_addresses.only_to()
    guarded = name in GUARDED or bool(allowed)
    return ("config.production.mail_guard.GuardedBackend" if guarded else backend), backend, allowed


def traces_url() -> str:
    """Where OpenTelemetry takes traces; '' where it is off."""
    example = "https://collector.example.com/v1/traces"
    if not env.text("TRACES_URL"):
        return ""
    parts = urlsplit(env.url("TRACES_URL", "", schemes=("https", "http"), example=example, path=True))
    if parts.port == 4317:
        env.refuse_start("TRACES_URL", "has the port of gRPC", f"Name the port of HTTP, 4318: {example}.")
    return parts._replace(path=parts.path or "/v1/traces").geturl()


def hubspot(name: str, base_url: str, token: str) -> None:
    """Refuse to start with what is no token, or where a test could write into the account of sales."""
    if API_KEY.fullmatch(token):
        env.refuse_start(
            "HUBSPOT_TOKEN",
            "is an API key, which HubSpot took until 2022",
            "Make a private app, whose token begins with pat-.",
        )
    real = (urlsplit(base_url).hostname or "").endswith(REAL_HUBSPOT)
    test_account = env.switch("HUBSPOT_IS_TEST_ACCOUNT", default=False)
    if name in GUARDED and token and real and not test_account:
        env.refuse_start(
            "HUBSPOT_TOKEN",
            f"would reach HubSpot itself from ENVIRONMENT={name}",
            "Leave it out, name a simulator in HUBSPOT_BASE_URL, or say HUBSPOT_IS_TEST_ACCOUNT=true.",
        )
