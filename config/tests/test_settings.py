"""A half-configured product does not start: one line names the setting and the fix."""

import os
import re
import runpy
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest import mock
from urllib.parse import parse_qs, quote, urlsplit

import pytest
import redis
from constance import config as operator_settings
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.conf import settings
from django.db import connection
from kombu.connection import Connection
from kombu.exceptions import OperationalError
from redis.backoff import NoBackoff
from redis.retry import Retry

from config import connections, environment
from config.connections import mail

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


# For each setting of .env.example values that look right and cannot work.
WRONG = {
    "SECRET_KEY": (
        *(
            "changemechangemechangemechangemechangemechangemechangemechangeme",
            "django-insecure-x1y2z3a4b5x1y2z3a4b5x1y2z3a4b5x1y2z3a4b5",
            "<your secret key here, fifty characters or more please>",
            "your-50-character-secret-key-goes-here-please-replace-it",
            "${SECRET_KEY}-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFG",
            "1234567890" * 6,
        ),
        "",
        "short",
        "a" * 60,
    ),
    "FIELD_ENCRYPTION_KEYS": (
        *("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "None"),
        "",
        "short",
        f"{'0123456789abcdef' * 3},none",
        f"{'0123456789abcdef' * 3};{'0123456789abcdef' * 3}",
        f"{'0123456789abcdef' * 3} {'0123456789abcdef' * 3}",
    ),
    "ALLOWED_HOSTS": (
        *("*.example.com", "form..example", "http//form.example", "'form.example'"),
        *("", "https://form.example", "form.example:8000", "a.example b.example"),
        "form.example/check",
    ),
    "TRUSTED_PROXY_COUNT": (*("true", "11"), "two", "-1", "10.0.0.1"),
    "HUBSPOT_TOKEN": (
        *("None", "pat-na1-xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx", "0a1b2c3d-0000-4000-8000-0123456789ab"),
        *("pat-na1-<token>", "your-token-here"),
        "Bearer pat-1",
        "pat\u20131",
        "pat-1 # ours",
    ),
    "DATABASE_URL": (
        *(
            "jdbc:postgresql://host/name",
            "postgresql+psycopg://ada@host/name",
            "sqlite:///db.sqlite3",
            "postgresql:/ada@host/name",
            "postgresql://ada@host/name/public",
            "postgresql://ada:p4ss/w0rd@host/name",
            "postgresql://ada@host/name?schema=form",
            "postgresql://ada@host/name?pgbouncer=true",
            "postgresql://ada@host:0/name",
            "postgresql://ada:${POSTGRES_PASSWORD}@host/name",
            "postgresql://ada@host/name?connect_timeout=5s",
            "postgresql://ada@host/name?sslcert=/nowhere.pem",
            "postgresql://ada@host/name?dbname=other",
            "postgresql://ada@host/name?sslmode=verify-full&sslrootcert=/nowhere.pem",
        ),
        *(
            "",
            "mysql://a",
            "postgresql://ada:p4ssw0rd@host:port/name",
            "postgresql://ada:p4ss#w0rd@host/name",
        ),
        *("postgresql://ada:p4ssw0rd@host", "postgresql://ada:p4ssw0rd@host/name?sslmode=on"),
    ),
    "REDIS_URL": (
        *(
            "redis+sentinel://host/0",
            "unix:///run/redis.sock",
            "redis://host/0/1",
            "redis://host/0?db=3",
            "redis://host/0?foo=bar",
            "rediss://host/0?ssl_ca_certs=/nowhere.pem",
            "rediss://host/0?ssl_certfile=/nowhere.pem",
            "rediss://host/0?ssl_check_hostname=maybe",
            "redis://p4ssw0rd@host/0",
            "redis://:12?p4ssw0rd=x@host/0",
            "redis://host:0/0",
            "redis://:{{ redis_password }}@host/0",
        ),
        *("", "localhost:6379", "redis://:p4ssw0rd@host:port/0", "redis://:p4ssw0rd@/0", "redis://host/name"),
        *("rediss://:p4ssw0rd@host/0?ssl_cert_reqs=maybe", "redis://:p4ssw0rd@host/0?ssl_cert_reqs=required"),
    ),
    "RATE_LIMIT_REDIS_URL": ("localhost:6379", "redis://host/name", "rediss://host/1?ssl_cert_reqs=yes"),
    "DEBUG": ("perhaps", "2", "off please"),
    "HOST": ("*", "x86_64-conda-linux-gnu", "127.0.0.256", "http://127.0.0.1", "127.0.0.1:8000"),
    "PORT": ("80a", "0", "65536"),
    "CSRF_TRUSTED_ORIGINS": (
        *("*", "https://", "https://a..example", "https://www.example.com/"),
        "www.example.com",
        "https://a.example/form",
        "https://a.example https://b.example",
    ),
    "TRACEBACK_PAGES": ("maybe", "none", "2"),
    "WEBHOOKS_MAY_BE_PRIVATE": ("maybe", "none", "2"),
    "HSTS_SUBDOMAINS": ("maybe", "none", "2"),
    "SECURE_SSL_REDIRECT": ("maybe", "https", "2"),
    "MAINTENANCE_FILE": ("/", "/nowhere/at/all", "config"),
    "WEB_CONCURRENCY": ("many", "0", "auto"),
    "WORKER_CONCURRENCY": ("many", "0", "-2"),
    "DATABASE_PROFILE": ("fast", "Web", "worker,web"),
    "DATABASE_SEND_TIMEOUTS": ("maybe", "5s", "2"),
    "DATABASE_REPLICA_URL": ("true", "replica.example", "mysql://a", "postgresql://ada@host:p4ssw0rd/name"),
    "DATABASE_REPLICA_LAG_SECONDS": ("30s", "0", "3601"),
    "HUBSPOT_BASE_URL": (
        *(
            "http://api.hubapi.com",
            "https://app.hubspot.com",
            "https://api.hubspot.com",
            "https://api hubapi.com",
            "https://api.hubapi.com?hapikey=1",
        ),
        "api.hubapi.com",
        "https://api.hubapi.com/crm/v3",
        "https://",
    ),
    "HUBSPOT_API_VERSION": ("v2", "3", "V3"),
    "HUBSPOT_PIPELINE": (
        *("https://app.hubspot.com/pipeline", '«"sales"»'),
        "AI consulting pipeline",
        "a b",
        "a\tb",
    ),
    "HUBSPOT_DEAL_STAGE": ("Executive briefing requested", "a b", "a\tb"),
    "DKIM_SELECTOR": ("a b", "../x", "mail_"),
    "HUBSPOT_DEAL_AMOUNT": (*("9" * 5000, "99999999999999999999", "1e3"), "5,000", "5000 EUR", "-1"),
    "HUBSPOT_DEAL_CLOSE_DAYS": (*("1000000000", "3651"), "30 days", "-1", "1.5"),
    "HUBSPOT_CONSENT_PROPERTIES": (
        *(
            "newsletter=news",
            "followup=follow",
            "marketing=email",
            "marketing=a,marketing=b",
            "marketing=a,follow_up=a",
            "marketing=lead_source",
        ),
        "follow_up",
        "follow_up=",
        "marketing=News and offers",
    ),
    "HUBSPOT_PROPERTIES": (
        *(
            "lead_source=email",
            "lead_source=ai_lead_quality",
            "lead_source=a,lead_source=b",
            "ai_assessment_score=lead_source",
        ),
        "lead_source",
        "source=lead_origin",
        "ai_assessment_key=",
        "lead_source=Lead Source",
    ),
    "HUBSPOT_SALES_PROPERTIES": ("manager=a", "owner", "owner=", "owner=Lead Owner"),
    "HUBSPOT_CAMPAIGN_PROPERTIES": (
        *(
            "source=lead_campaign",
            "gclid=click",
            "utm_source=email",
            "utm_source=a,utm_medium=a",
            "utm_source=ai_risk_score",
        ),
        "utm_source",
        "utm_source=",
        "utm_source=Lead Source",
    ),
    "HUBSPOT_AREA_PROPERTIES": (
        *("governance=phone", "governance=a,risk_compliance=a", "governance=ai_lead_quality"),
        "governance",
        "governance:ai_governance_score",
        "governance=AI Score",
    ),
    "HUBSPOT_PORTAL_URL": (
        *(
            "https://app.hubspot.com",
            "https://app.hubspot.com/contacts/",
            "https://app.hubspot.com/reports-dashboard/123",
            "https://api.hubapi.com/contacts/123",
        ),
        "123",
        "app.hubspot.com/contacts/123",
        "http://app.hubspot.com/contacts/123",
    ),
    "HUBSPOT_CALLS_PER_10_SECONDS": ("0", "100/10s", "-1"),
    "HUBSPOT_HEADROOM_PERCENT": ("91", "10%", "-1"),
    "HUBSPOT_WORKERS": (*("100000000000", "1.5"), "0", "four", "-1"),
    "HUBSPOT_TIME_ZONE": (
        *("Europe", "europe/berlin", "/etc/localtime"),
        "Atlantis/Capital",
        "CEST",
        "+01:00",
    ),
    "ADMINS": (
        *(
            "mailto:ada@example.com",
            "ada@example..com",
            "ada@.com",
            '"ada@example.com"',
            "ada@example.com bob@example.com",
        ),
        "ada",
        "Ada <ada@example.com>",
        "ada@example.com;bob@example.com",
    ),
    "EMAIL_URL": (
        *("smtp+tls://mail server:587", "smtp+tls://host:0", "smtps://host:25", "https://api.sendgrid.com"),
        *("ada:p4ssw0rd@host", "smtp+tls://ada:p4ssw0rd@host:port", "smtp+tls:ada:p4ssw0rd@host"),
        *(
            "smtp+tls://ada:p4ssw0rd@host:465",
            "smtp://ada:p4ssw0rd@host:465",
            "smtps://ada:p4ssw0rd@host:587",
            "smtp://ada:p4ssw0rd@host:587",
            "smtp+tls://:p4ssw0rd@host",
            "smtp+tls://smtp..example",
        ),
        *("smtp://ada@host", "smtp+starttls://ada:p4ssw0rd@host", "mailgun://p4ssw0rd@host"),
    ),
    "SERVER_EMAIL": (
        *(
            "ada@example..com",
            "ada@example.com.",
            "ada@[192.0.2.1]",
            "ada@192.0.2.1",
            "jörg@example.com",
            "mailto:ada@example.com",
            "Ada <ada@example.com> x",
        ),
        "ada",
        "Assessment",
        "ada@example.com, bob@example.com",
    ),
    "DEFAULT_FROM_EMAIL": ("ada", "Ada <ada>", "example.com"),
    "SENTRY_DSN": (
        *("https://key@host:port/1", "https://sentry.io/1?key=2"),
        "sentry.io",
        "https://sentry.io/1",
        "https://key@sentry.io/name",
    ),
    "METRICS_TOKEN": (
        *("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "changeme-0123456789abcdef-0123456789"),
        "short",
        "Bearer 0123456789abcdef0123456789abcdef",
        "0123456789abcdef 0123456789abcdef",
    ),
    "PUBLIC_URL": (
        *(
            "https://other.example",
            "http://form.example",
            "https://localhost",
            "https://*.example.com",
            "//form.example",
        ),
        "check.example.com",
        "https://example.com/check",
        "https://example.com?utm_source=mail",
    ),
    "ADDRESS_HASH_KEY": ("short", "changeme" * 5, "0123456789abcdef 0123456789abcdef"),
    "DEFAULT_QUESTIONNAIRE": ("AI Reality Check", "ai_reality_check.yaml", "ai-reality-check"),
    "UPLOADS_STORAGE": ("disk", "S3", "database,s3"),
    "UPLOADS_DIRECTORY": ("/nowhere/at/all/uploads", "README.md", "manage.py"),
    "UPLOADS_LARGEST_MB": ("0", "101", "10 MB"),
    "CLAMAV_URL": ("tcp://clamav:99999", "clamav", "http://clamav:3310", "unix://clamd.sock"),
    "ENVIRONMENT": ("prod", "live", "Production"),
    "HUBSPOT_IS_TEST_ACCOUNT": ("perhaps", "2", "tru"),
    "TRACES_URL": ("http://collector:4317", "collector", "ftp://collector", "collector:4318"),
    "MAIL_ONLY_TO": ("*@example.com", "ada@example.com bob@example.com", "ada", "ada@", "example.com"),
    "DATABASE_DISK_GB": ("lots", "-1", "100 GB"),
    "BACKUP_TO": ("s3://", "s3://Bucket_Name/x", "backups", "./backups", "s3:bucket"),
    "BACKUP_RECIPIENT": ("age", "ssh-ed25519 AAAA", "age1x"),
    "BACKUP_KEEP_DAYS": ("0", "a month", "-1"),
    "STAFF_SECOND_FACTOR": ("optional", "never", "on"),
    "STAFF_IDLE_MINUTES": ("1", "an hour", "721"),
    "SCRIPT_NAME": ("/check", "check", "/a/b/"),  # gunicorn's
}
ANYTHING_GOES = {
    *("POSTAL_ADDRESS", "HUBSPOT_LEAD_SOURCE"),  # words
    *("POSTGRES_PASSWORD", "REDIS_PASSWORD", "DATABASE_HOST", "COMPOSE_PROFILES"),  # read by compose alone
    *("UPLOADS_S3_BUCKET", "UPLOADS_S3_ENDPOINT", "UPLOADS_S3_REGION"),  # with s3 only: tested in files
    *("UPLOADS_S3_ACCESS_KEY", "UPLOADS_S3_SECRET_KEY"),
    *(
        "BACKUP_DIRECTORY",
        "BACKUP_DIRECTORIES",
        "BACKUP_IDENTITY_FILE",
    ),  # by compose, by the backup: tested there
    *("BACKUP_VERIFY_URL", "BACKUP_BUCKET_ENDPOINT", "BACKUP_BUCKET_REGION"),
    *("BACKUP_BUCKET_KEY_ID", "BACKUP_BUCKET_SECRET"),
    *("ENV_FILE", "ADMIN_EMAIL"),  # read before, and by one command: tested there
}


@pytest.mark.parametrize(
    ("setting", "value"), [(setting, value) for setting, values in WRONG.items() for value in values]
)
def test_a_missing_or_wrong_setting_is_named_in_one_line(setting: str, value: str) -> None:
    with pytest.raises(SystemExit) as stopped:
        read(**{setting: value})
    assert str(stopped.value.code).startswith(f"{setting} ")
    assert "\n" not in str(stopped.value.code)
    assert "w0rd" not in str(stopped.value.code)
    assert repr(value) not in str(stopped.value.code)


def test_each_setting_of_the_example_has_its_wrong_values() -> None:
    example = (settings.BASE_DIR / ".env.example").read_text()
    named = set(re.findall(r"^#?([A-Z][A-Z0-9_]*)=", example, re.MULTILINE))
    assert named <= WRONG.keys() | ANYTHING_GOES


@pytest.mark.parametrize(
    ("setting", "written", "meant"),
    [
        ("ALLOWED_HOSTS", "form.example.", ["form.example"]),
        ("ALLOWED_HOSTS", "::1", ["[::1]"]),
        (
            "ALLOWED_HOSTS",
            "müller.example, .Straße.example",
            ["xn--mller-kva.example", ".xn--strae-oqa.example"],
        ),
        ("PUBLIC_URL", "HTTPS://FORM.example/", "https://form.example"),
        ("CSRF_TRUSTED_ORIGINS", "https://müller.example", ["https://xn--mller-kva.example"]),
        ("SERVER_EMAIL", "form@müller.example", "form@xn--mller-kva.example"),
        ("ADMINS", "ada@müller.example", [("", "ada@xn--mller-kva.example")]),
        ("MAIL_ONLY_TO", "@Müller.example", ["@xn--mller-kva.example"]),
        ("TRACES_URL", "http://collector:4318", "http://collector:4318/v1/traces"),
        ("DKIM_SELECTOR", "mail2026._domainkey.example.com", "mail2026"),
        ("HUBSPOT_PORTAL_URL", "https://app.hubspot.com/contacts/7/", "https://app.hubspot.com/contacts/7"),
        (
            "HUBSPOT_PORTAL_URL",
            "https://app-eu1.hubspot.com/contacts/7/objects/0-1/views/all/list?x=1",
            "https://app-eu1.hubspot.com/contacts/7",
        ),
        ("CSRF_TRUSTED_ORIGINS", "HTTPS://WWW.example.com:443", ["https://www.example.com"]),
        ("CSRF_TRUSTED_ORIGINS", "https://a.example:8443", ["https://a.example:8443"]),
        ("SERVER_EMAIL", "Form, London <form@example.com>", '"Form, London" <form@example.com>'),
        ("HUBSPOT_PROPERTIES", "lead_source=,ai_lead_quality=lead_source", None),
    ],
)
def test_what_can_only_mean_one_thing_is_taken_so(setting: str, written: str, meant: object) -> None:
    found = read(
        **({"PUBLIC_URL": "https://form.xn--strae-oqa.example"} if "Straße" in written else {}),
        **{setting: written},
    )[setting]
    assert meant is None or found == meant


@pytest.mark.parametrize("admins", ["root@localhost", "ada@mailhost", "ada@host.local"])
def test_an_alert_goes_to_nobody_at_a_local_domain(admins: str) -> None:
    with pytest.raises(SystemExit, match=r"^ADMINS holds "):
        read(EMAIL_URL="smtps://mail.example", SERVER_EMAIL="form@example.com", ADMINS=admins)
    assert read(ADMINS=admins)["ADMINS"]


@pytest.mark.parametrize("sender", ["", "root@localhost", "noreply@localhost.localdomain", "noreply@mail"])
def test_a_sender_that_no_mail_server_takes_is_refused_where_mail_is_set_up(sender: str) -> None:
    with pytest.raises(SystemExit, match=r"^SERVER_EMAIL is "):
        read(EMAIL_URL="smtps://mail.example", SERVER_EMAIL=sender)
    assert read(SERVER_EMAIL=sender)["MAIL_IS_SET_UP"] is False
    assert (
        read(DEBUG="true", EMAIL_URL="smtp://127.0.0.1:2525", SERVER_EMAIL=sender)["MAIL_IS_SET_UP"] is True
    )


def test_one_sender_is_enough() -> None:
    found = read(EMAIL_URL="smtps://mail.example", DEFAULT_FROM_EMAIL="Form <form@example.com>")
    assert found["SERVER_EMAIL"] == "Form <form@example.com>"


@pytest.mark.parametrize(
    ("address", "port", "tls", "implicit"),
    [
        ("smtps://mail.example", 465, None, True),
        ("smtp+ssl://mail.example:4650", 4650, None, True),
        ("smtp+tls://mail.example", 587, True, None),
        ("smtp://127.0.0.1:2525", 2525, None, None),
    ],
)
def test_the_scheme_of_a_mail_server_says_how_it_speaks_tls(
    address: str, port: int, tls: bool | None, implicit: bool | None
) -> None:
    found = mail(address)
    assert (found["EMAIL_PORT"], found.get("EMAIL_USE_TLS"), found.get("EMAIL_USE_SSL")) == (
        port,
        tls,
        implicit,
    )


def test_user_and_password_of_a_mail_server_may_hold_any_character() -> None:
    found = mail("smtps://ada%40example.com:$p%2Fss+w%25rd@mail.example")
    assert (found["EMAIL_HOST_USER"], found["EMAIL_HOST_PASSWORD"]) == ("ada@example.com", "$p/ss+w%rd")


@pytest.mark.parametrize("name", ["SECRET_KEY", "METRICS_TOKEN", "ADDRESS_HASH_KEY", "HUBSPOT_TOKEN"])
def test_a_value_that_begins_with_a_dollar_is_taken_as_it_is(name: str) -> None:
    value = "$q*eo+c$(a=&{b}-0123456789abcdef-0123456789abcdef-0123456789abcdef"
    assert read(**{name: value})[name] == value


def test_options_of_the_database_are_kept_beside_ours_and_win() -> None:
    address = f"{settings.DATABASE_URL}&options=-c%20search_path%3Dassessment"
    found = read(DATABASE_URL=address, DATABASE_PROFILE="web")["DATABASES"]["default"]["OPTIONS"]["options"]
    assert found.startswith("-c statement_timeout=5s ")
    assert found.endswith(" -c search_path=assessment")
    alone = read(DATABASE_URL=address, DATABASE_SEND_TIMEOUTS="false")["DATABASES"]["default"]["OPTIONS"]
    assert alone["options"] == "-c search_path=assessment"


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("", "required"),
        ("?ssl_cert_reqs=required", "required"),
        ("?ssl_cert_reqs=CERT_REQUIRED", "required"),
        ("?ssl_cert_reqs=CERT_NONE", "none"),
        ("?ssl_cert_reqs=none", "none"),
        (f"?ssl_cert_reqs=CERT_OPTIONAL&ssl_ca_certs={quote(__file__)}", "optional"),
    ],
)
def test_broker_and_counters_verify_the_same_certificate(given: str, meant: str) -> None:
    found = read(REDIS_URL=f"rediss://:a@redis.example:6390/4{given}")
    for name in ("CELERY_BROKER_URL", "REDIS_URL", "RATE_LIMIT_REDIS_URL"):
        assert parse_qs(urlsplit(found[name]).query)["ssl_cert_reqs"] == [meant]
    assert urlsplit(found["RATE_LIMIT_REDIS_URL"]).path == "/1"


@pytest.mark.parametrize("given", ["", "?ssl_cert_reqs=CERT_REQUIRED"])
def test_no_library_talks_to_a_redis_whose_certificate_nobody_knows(given: str, unknown_server: int) -> None:
    address = connections.redis("REDIS_URL", f"rediss://127.0.0.1:{unknown_server}/0{given}")
    with pytest.raises(redis.ConnectionError, match="CERTIFICATE_VERIFY_FAILED"):
        redis.Redis.from_url(address, retry=Retry(NoBackoff(), 0)).ping()
    broker: Any = Connection(address)  # type: ignore[no-untyped-call]  # kombu ships no types
    with pytest.raises(OperationalError, match="CERTIFICATE_VERIFY_FAILED"):
        broker.ensure_connection(max_retries=1, interval_start=0)


@pytest.fixture
def unknown_server(tmp_path: Path) -> Iterator[int]:
    """The port of a server with a certificate that it signed itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name, now = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")]), datetime.now(UTC)
    built = x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + timedelta(days=1))
    file = tmp_path / "certificate.pem"
    file.write_bytes(
        built.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)
        + key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=shake_hands, args=(server, context))
        thread.start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)
        thread.join()


def shake_hands(server: socket.socket, context: ssl.SSLContext) -> None:
    """With everybody who comes, until the server is shut down."""
    while True:
        try:
            client, _ = server.accept()
        except OSError:
            return
        with suppress(OSError), client, context.wrap_socket(client, server_side=True):
            pass


@pytest.mark.parametrize(
    ("host", "bind"),
    [
        ("", "127.0.0.1:8000"),
        ("0.0.0.0", "0.0.0.0:8000"),
        ("::", "[::]:8000"),
        ("[::1]", "[::1]:8000"),
        ("localhost", "localhost:8000"),
    ],
)
def test_an_address_to_listen_on_may_be_written_with_or_without_brackets(host: str, bind: str) -> None:
    with mock.patch.dict(os.environ, PRODUCTION | {"HOST": host, "PORT": ""}):
        assert environment.listen_address() == bind


def test_that_line_is_all_that_a_process_says() -> None:
    result = run("-c", "import config.settings", SECRET_KEY="short")
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.startswith("SECRET_KEY is missing or shorter")
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("pattern", ["*", ".example.com"])
def test_where_the_form_is_cannot_follow_from_a_pattern_of_hosts(pattern: str) -> None:
    assert read()["PUBLIC_URL"] == "https://form.example"
    assert (
        read(ALLOWED_HOSTS=pattern, PUBLIC_URL="https://a.example.com/")["PUBLIC_URL"]
        == "https://a.example.com"
    )
    with pytest.raises(SystemExit, match=r"^PUBLIC_URL is missing"):
        read(ALLOWED_HOSTS=pattern)


def test_every_cookie_is_bound_to_this_host_by_its_name() -> None:
    found = read()
    names = {name: value for name, value in found.items() if name.endswith("_COOKIE_NAME")}
    assert len(names) > 6
    assert [name for name, value in names.items() if not value.startswith("__Host-")] == []
    assert found["SESSION_COOKIE_SECURE"] is found["CSRF_COOKIE_SECURE"] is True
    assert not {"SESSION_COOKIE_DOMAIN", "SESSION_COOKIE_PATH", "CSRF_COOKIE_DOMAIN"} & found.keys()


@pytest.mark.django_db(transaction=True)
def test_production_settings_pass_the_deployment_check() -> None:
    operator_settings.CONTROLLER = "Analytical Engines Ltd"
    ours = urlsplit(settings.DATABASE_URL)._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    result = run("manage.py", "check", "--deploy", "--fail-level", "WARNING", DATABASE_URL=ours)
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
    another = "another-0123456789abcdef-0123456789"
    assert read(ADDRESS_HASH_KEY=another)["ADDRESS_HASH_KEY"] == another


def test_whoever_wants_no_encryption_says_so() -> None:
    assert read(FIELD_ENCRYPTION_KEYS="none")["FIELD_ENCRYPTION_KEYS"] == ["none"]
