"""What travels compressed, and what does not."""

import pytest
from django.test import Client

from scorecard.definition import Definition

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("definition")]


def encoding(client: Client, path: str) -> str:
    response = client.get(path, headers={"Accept-Encoding": "gzip"})
    return str(response.get("Content-Encoding", ""))


@pytest.mark.parametrize("path", ["/", "/?utm_source=news", "/privacy/", "/resume/", "/brand/icon.svg?v=1"])
def test_pages_are_compressed(client: Client, path: str) -> None:
    assert encoding(client, path) == "gzip"


@pytest.mark.parametrize(
    "path", ["/privacy/?chosen=by-somebody", "/resume/?x=1", "/admin/login/", "/api/health"]
)
def test_what_another_could_add_to_or_staff_see_is_not(client: Client, path: str) -> None:
    assert encoding(client, path) == ""


def test_every_step_of_a_search_of_the_admin_has_its_true_length(
    operator: Client, definition: Definition
) -> None:
    assert encoding(operator, "/admin/leads/lead/?q=ada") == ""
