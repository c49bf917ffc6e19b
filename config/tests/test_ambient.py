"""What the environment gives to libraries: other programs' variables do not reach ours."""

import os
import subprocess
import sys
from typing import Any

import pytest
from django.conf import settings
from gunicorn.config import Config
from gunicorn.http.parser import RequestParser

from config import ambient, gunicorn
from config.tests.processes import PROJECT

ASK = """
import django; django.setup()
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("SELECT current_setting('application_name'), current_setting('lock_timeout'), "
                   "current_setting('TimeZone'), current_setting('search_path')")
    print(*cursor.fetchone(), sep="|")
"""


def run(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    ours = {"DJANGO_SETTINGS_MODULE": "config.settings", "DATABASE_URL": settings.DATABASE_URL}
    return subprocess.run(
        [sys.executable, *command],
        cwd=PROJECT,
        env={**os.environ, **ours, **environment},
        capture_output=True,
        text=True,
    )


def test_variables_of_libpq_do_not_reach_our_connections(db: None) -> None:
    plain = run("-c", ASK)
    hostile = {
        "PGHOST": "192.0.2.1",
        "PGHOSTADDR": "192.0.2.1",
        "PGOPTIONS": "-c search_path=elsewhere -c lock_timeout=1h",
        "PGSSLMODE": "verify-full",
        "PGSERVICE": "nowhere",
        "PGPASSFILE": "/nowhere",
        "PGAPPNAME": "psql",
        "PGTZ": "Asia/Tokyo",
        "PGTARGETSESSIONATTRS": "standby",
        "PGREQUIREAUTH": "scram-sha-256",
    }
    assert hostile.keys() <= ambient.LIBPQ
    assert plain.stdout.strip(), plain.stderr
    assert run("-c", ASK, **hostile).stdout == plain.stdout


def test_every_variable_that_this_libpq_knows_is_named() -> None:
    from psycopg import pq

    known = {option.envvar.decode() for option in pq.Conninfo.get_defaults() if option.envvar}
    assert known <= ambient.LIBPQ


def test_settings_of_another_django_project_are_not_ours() -> None:
    asked = "import os, config.celery, config.wsgi; print(os.environ['DJANGO_SETTINGS_MODULE'])"
    told = run("-c", asked, DJANGO_SETTINGS_MODULE="another.settings")
    assert told.stdout.strip() == "config.settings", told.stderr


def test_no_peer_is_believed_about_tls_or_the_path() -> None:
    """gunicorn would take both from a proxy on this machine, or one in FORWARDED_ALLOW_IPS."""
    settings_of_gunicorn: Any = Config()
    settings_of_gunicorn.set("forwarded_allow_ips", gunicorn.forwarded_allow_ips)
    sent = b"GET /x/ HTTP/1.1\r\nHost: a\r\nX-Forwarded-Proto: https\r\nSCRIPT_NAME: /x\r\n\r\n"
    request = next(RequestParser(settings_of_gunicorn, iter([sent]), ("127.0.0.1", 1)))
    assert request.scheme == "http"
    assert "SCRIPT_NAME" not in dict(request.headers)


def test_the_broker_is_redis_url_whatever_celery_would_read() -> None:
    command = "import config; c = config.celery_app.connection(); print(c.hostname, c.port, c.virtual_host)"
    environment = dict.fromkeys(ambient.CELERY, "redis://192.0.2.1/9")
    found = run("-c", command, REDIS_URL="redis://127.0.0.1:6399/4", **environment)
    assert found.stdout.split() == ["127.0.0.1", "6399", "4"]


@pytest.mark.parametrize("name", ambient.CERTIFICATES)
def test_certificates_that_are_not_there_are_refused_by_name(name: str) -> None:
    refused = run("manage.py", "check", **{name: "/nowhere/ca.pem"})
    assert refused.returncode == 1
    assert refused.stderr.startswith(f"{name} names no certificates.")
    assert "/nowhere" not in refused.stderr


def test_certificates_that_are_there_are_respected(tmp_path: object) -> None:
    assert run("manage.py", "check", SSL_CERT_FILE=str(PROJECT / "README.md")).returncode == 0
