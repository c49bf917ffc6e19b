"""The guard of environments: test and staging never reach real people by mail, nor a real HubSpot account."""

from urllib.parse import urlsplit

from config import environment as env

ENVIRONMENTS = ("production", "staging", "test", "development")
GUARDED = ("staging", "test")
REAL_HUBSPOT = "hubapi.com"


def environment(*, debug: bool) -> str:
    return env.choice("ENVIRONMENT", "development" if debug else "production", ENVIRONMENTS)


def mail_backends(name: str, backend: str) -> tuple[str, str, list[str]]:
    """(backend, backend behind the guard, who may get mail): addresses, and domains as @example.com."""
    allowed = [each.lower() for each in env.word_list("MAIL_ONLY_TO", [])]
    if not all(each.partition("@")[2] for each in allowed):
        env.refuse_start(
            "MAIL_ONLY_TO",
            "holds something other than addresses and domains",
            "Set it to sam@example.com or @example.com, separated by commas.",
        )
    guarded = name in GUARDED or bool(allowed)
    return ("config.production.mail_guard.GuardedBackend" if guarded else backend), backend, allowed


def traces_url() -> str:
    """Where OpenTelemetry takes traces; '' where it is off."""
    example = "https://collector.example.com/v1/traces"
    given = env.text("TRACES_URL")
    return given and env.url("TRACES_URL", "", schemes=("https", "http"), example=example, path=True)


def hubspot(name: str, base_url: str, token: str) -> None:
    """Refuse to start where a test could write into the account that sales works with."""
    real = (urlsplit(base_url).hostname or "").endswith(REAL_HUBSPOT)
    test_account = env.switch("HUBSPOT_IS_TEST_ACCOUNT", default=False)
    if name in GUARDED and token and real and not test_account:
        env.refuse_start(
            "HUBSPOT_TOKEN",
            f"would reach HubSpot itself from ENVIRONMENT={name}",
            "Leave it out, name a simulator in HUBSPOT_BASE_URL, or say HUBSPOT_IS_TEST_ACCOUNT=true.",
        )
