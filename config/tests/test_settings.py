"""A half-configured product does not start: one line names the setting and the fix."""

import os
import runpy
import subprocess
import sys
from typing import Any
from unittest import mock

import pytest
from django.conf import settings

PRODUCTION = {
    "DEBUG": "false",
    "SECRET_KEY": "0123456789abcdef" * 4,
    "FIELD_ENCRYPTION_KEYS": "0123456789abcdef" * 4,
    "ALLOWED_HOSTS": "form.example",
    "DATABASE_URL": settings.DATABASE_URL,
    "REDIS_URL": settings.REDIS_URL,
}


def read(**environment: str) -> dict[str, Any]:
    """The settings of a process with this environment. Raises SystemExit with what it would say."""
    with mock.patch.dict(os.environ, PRODUCTION | environment, clear=True):
        return runpy.run_path(str(settings.BASE_DIR / "config/settings.py"))


def run(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command],
        cwd=settings.BASE_DIR,
        env={"PATH": os.environ["PATH"]} | PRODUCTION | environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("SECRET_KEY", ""),
        ("SECRET_KEY", "short"),
        ("FIELD_ENCRYPTION_KEYS", ""),
        ("FIELD_ENCRYPTION_KEYS", "short"),
        ("FIELD_ENCRYPTION_KEYS", "0123456789abcdef0123456789abcdef0123456789abcdef,none"),
        ("ALLOWED_HOSTS", ""),
        ("DATABASE_URL", ""),
        ("REDIS_URL", ""),
        ("DATABASE_PROFILE", "fast"),
        ("DEBUG", "perhaps"),
        ("TRUSTED_PROXY_COUNT", "two"),
        ("HUBSPOT_API_VERSION", "v2"),
        ("HUBSPOT_CALLS_PER_10_SECONDS", "0"),
        ("HUBSPOT_HEADROOM_PERCENT", "91"),
        ("HUBSPOT_WORKERS", "0"),
        ("HUBSPOT_TIME_ZONE", "Atlantis/Capital"),
        ("METRICS_TOKEN", "short"),
        ("STAFF_SECOND_FACTOR", "optional"),
        ("STAFF_SECOND_FACTOR", "never"),
        ("STAFF_IDLE_MINUTES", "1"),
        ("DATABASE_URL", "mysql://a"),
        ("DATABASE_URL", "postgresql://ada:p4ssw0rd@host:port/name"),
        ("RATE_LIMIT_REDIS_URL", "localhost:6379"),
        ("EMAIL_URL", "ada:p4ssw0rd@host"),
        ("EMAIL_URL", "smtp+tls://ada:p4ssw0rd@host:port"),
        ("EMAIL_URL", "smtp+tls:ada:p4ssw0rd@host"),
        ("PUBLIC_URL", "check.example.com"),
    ],
)
def test_a_missing_or_wrong_setting_is_named_in_one_line(setting: str, value: str) -> None:
    with pytest.raises(SystemExit) as stopped:
        read(**{setting: value})
    assert str(stopped.value.code).startswith(f"{setting} ")
    assert "\n" not in str(stopped.value.code)
    assert "p4ssw0rd" not in str(stopped.value.code)


def test_that_line_is_all_that_a_process_says() -> None:
    result = run("-c", "import config.settings", SECRET_KEY="short")
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.startswith("SECRET_KEY is missing or shorter")
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("pattern", ["*", ".example.com"])
def test_where_the_form_is_cannot_follow_from_a_pattern_of_hosts(pattern: str) -> None:
    assert read()["PUBLIC_URL"] == "https://form.example"
    assert read(ALLOWED_HOSTS=pattern, PUBLIC_URL="https://a.example/")["PUBLIC_URL"] == "https://a.example"
    with pytest.raises(SystemExit, match=r"^PUBLIC_URL is missing"):
        read(ALLOWED_HOSTS=pattern)


def test_production_settings_pass_the_deployment_check() -> None:
    result = run("manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize(
    ("host", "mode"),
    [("127.0.0.1", "optional"), ("::1", "optional"), ("0.0.0.0", "required"), ("form.example", "required")],
)
def test_a_second_factor_is_optional_only_where_nobody_else_reaches_the_server(host: str, mode: str) -> None:
    assert read(DEBUG="true", HOST=host)["STAFF_SECOND_FACTOR"] == mode


def test_a_laptop_may_require_it_too() -> None:
    assert read(DEBUG="true", STAFF_SECOND_FACTOR="required")["STAFF_SECOND_FACTOR"] == "required"


def test_commands_beside_script_server_recognise_the_same_addresses() -> None:
    """It has a random SECRET_KEY, they have none."""
    without, beside = read(DEBUG="true", SECRET_KEY=""), read(DEBUG="true")
    assert without["ADDRESS_HASH_KEY"] == beside["ADDRESS_HASH_KEY"] != ""


def test_in_production_addresses_are_hashed_with_a_secret() -> None:
    assert read()["ADDRESS_HASH_KEY"] == PRODUCTION["SECRET_KEY"]
    assert read(ADDRESS_HASH_KEY="another")["ADDRESS_HASH_KEY"] == "another"


def test_whoever_wants_no_encryption_says_so() -> None:
    assert read(FIELD_ENCRYPTION_KEYS="none")["FIELD_ENCRYPTION_KEYS"] == ["none"]
