"""Whether the product says truly how it is."""

import socket

import pytest
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
def test_nobody_keeps_the_answer(client: Client) -> None:
    assert "no-store" in client.get(URL)["Cache-Control"]
