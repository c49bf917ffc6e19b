"""Whether the product says truly how it is."""

import socket

import pytest
from django.db import connection
from django.test import Client
from pytest_django import Settings

URL = "/api/health"


def nowhere() -> str:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"127.0.0.1:{server.getsockname()[1]}"


@pytest.mark.django_db
def test_all_is_well(client: Client) -> None:
    assert client.get(URL).json() == {"status": "ok", "checks": {"database": "ok", "redis": "ok"}}


@pytest.mark.django_db
def test_without_redis_the_form_works_on_and_the_state_is_degraded(
    client: Client, settings: Settings
) -> None:
    settings.REDIS_URL = f"redis://{nowhere()}/0"
    response = client.get(URL)
    assert (response.status_code, response.json()["status"]) == (200, "degraded")


@pytest.mark.django_db
def test_without_the_database_nothing_works(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("operations.health.database_answers", lambda: False)
    response = client.get(URL)
    assert (response.status_code, response.json()["checks"]["database"]) == (503, "failed")
    assert response["Retry-After"]


@pytest.mark.django_db
def test_a_full_disk_is_not_healthy(client: Client) -> None:
    """PostgreSQL may write no file of its own: SQLSTATE 53400, where a full disk gives 53100."""
    with connection.cursor() as cursor:
        cursor.execute("SET temp_file_limit = 0")
        try:
            assert client.get(URL).status_code == 503
        finally:
            cursor.execute("RESET temp_file_limit")
    assert client.get(URL).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("host", ["10.2.3.4:8000", "127.0.0.1", "[::1]:8000", "nobody.example", "a b"])
def test_a_load_balancer_may_ask_by_whatever_name(client: Client, host: str, settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["check.example.com"]
    settings.SECURE_SSL_REDIRECT = True
    settings.METRICS_TOKEN = "0123456789abcdef" * 2
    assert client.get(URL, headers={"host": host}).status_code == 200
    assert client.get("/metrics", headers={"host": host}).status_code == 401
    assert client.get("/", headers={"host": host}).status_code == 400


@pytest.mark.django_db
def test_nobody_keeps_the_answer(client: Client) -> None:
    assert "no-store" in client.get(URL)["Cache-Control"]
