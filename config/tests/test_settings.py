"""A half-configured product does not start: one line names the setting and the fix."""

import os
import subprocess
import sys

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
        ("DATABASE_URL", "mysql://a"),
    ],
)
def test_a_missing_or_wrong_setting_is_named_in_one_line(setting: str, value: str) -> None:
    result = run("-c", "import config.settings", **{setting: value})
    assert result.returncode == 1
    assert result.stderr.count("\n") == 1
    assert result.stderr.startswith(setting)


def test_production_settings_pass_the_deployment_check() -> None:
    result = run("manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert result.returncode == 0, result.stderr


def hash_key(**environment: str) -> str:
    return run("-c", "from config.settings import *; print(ADDRESS_HASH_KEY)", **environment).stdout.strip()


def test_commands_beside_script_server_recognise_the_same_addresses() -> None:
    """It has a random SECRET_KEY, they have none."""
    assert hash_key(DEBUG="true", SECRET_KEY="") == hash_key(DEBUG="true") != ""


def test_in_production_addresses_are_hashed_with_a_secret() -> None:
    assert hash_key() == PRODUCTION["SECRET_KEY"]
    assert hash_key(ADDRESS_HASH_KEY="another") == "another"


NO_KEYS = {"FIELD_ENCRYPTION_KEYS": "none"}


def test_whoever_wants_no_encryption_says_so() -> None:
    result = run("-c", "from config.settings import *; print(FIELD_ENCRYPTION_KEYS)", **NO_KEYS)
    assert result.stdout == "['none']\n"
