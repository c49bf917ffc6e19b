"""What search engines may read."""

import re

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from scorecard.definition import Definition

pytestmark = pytest.mark.django_db


def test_robots_stay_out_of_what_belongs_to_somebody(client: Client, settings: Settings) -> None:
    settings.PUBLIC_URL = "https://check.example.com"
    words = client.get("/robots.txt").content.decode()
    for path in ("/admin/", "/step/", "/results/", "/privacy/yours/"):
        assert f"Disallow: {path}\n" in words
    assert "Sitemap: https://check.example.com/sitemap.xml\n" in words


def test_every_page_of_the_sitemap_opens_and_may_be_indexed(client: Client, definition: Definition) -> None:
    addresses = re.findall(r"<loc>(.*?)</loc>", client.get("/sitemap.xml").content.decode())
    assert len(addresses) == 3
    for address in addresses:
        page = client.get("/" + address.split("/", 3)[3])
        assert page.status_code == 200
        assert b"noindex" not in page.content, address
