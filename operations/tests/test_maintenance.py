"""Closed for a while: what visitors see, and who gets in all the same."""

from pathlib import Path
from typing import Any, NoReturn

import pytest
from constance import config
from django.db import OperationalError, connection
from django.test import Client
from pytest_django.fixtures import Settings

pytestmark = pytest.mark.django_db


@pytest.fixture
def closed() -> None:
    config.MAINTENANCE = True


@pytest.mark.usefixtures("closed")
@pytest.mark.parametrize("path", ["/", "/step/1/", "/resume/", "/privacy/", "/no/such/page/"])
def test_pages_say_when_to_come_back(client: Client, path: str) -> None:
    response = client.get(path)
    assert (response.status_code, response["Retry-After"]) == (503, "600")
    assert "no-store" in response["Cache-Control"]
    assert b"come back in about ten minutes" in response.content


@pytest.mark.usefixtures("closed")
def test_the_api_says_so_in_its_own_words(client: Client) -> None:
    response = client.post("/api/assessment/start")
    assert (response.status_code, response["Retry-After"]) == (503, "600")
    assert response.json()["error"]["code"] == "SERVICE_UNAVAILABLE"


@pytest.mark.usefixtures("closed")
def test_health_stays_up_and_staff_can_enter(client: Client, operator: Client) -> None:
    assert client.get("/api/health").status_code == 200
    assert client.get("/admin/login/").status_code == 200
    assert operator.get("/admin/constance/config/").status_code == 200


@pytest.mark.usefixtures("closed")
def test_a_closed_form_is_no_error(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    client.get("/")
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


@pytest.mark.parametrize("path", ["/", "/embed/"])
def test_a_file_closes_the_form_while_the_database_is_away(
    client: Client, settings: Settings, tmp_path: Path, path: str
) -> None:
    settings.MAINTENANCE_FILE = tmp_path / "maintenance"
    settings.MAINTENANCE_FILE.touch()

    def down(*_call: Any) -> NoReturn:
        raise OperationalError("the server is gone")

    config._backend.forget()
    with connection.execute_wrapper(down):
        response = client.get(path)
    assert response.status_code == 503
    assert b"We are working on this site" in response.content


def test_an_unexpected_error_is_explained_without_the_database(client: Client, settings: Settings) -> None:
    def down(*_call: Any) -> NoReturn:
        raise OperationalError("the server is gone")

    client.raise_request_exception = False
    settings.DEBUG = False
    with connection.execute_wrapper(down):
        response = client.get("/resume/", headers={"Cookie": "assessment=x"})
    assert (response.status_code, response["Retry-After"]) == (503, "30")
    assert b"Something went wrong on our side" in response.content
