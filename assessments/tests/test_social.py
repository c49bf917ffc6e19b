"""How the form shows where its address is shared."""

import json
import re
import struct

import pytest
from constance import config
from django.test import Client
from pytest_django.fixtures import Settings

from assessments.tests.browsing import start
from assessments.web.pages.social import structured_data
from branding.brand import current_brand
from scorecard.definition import Definition

pytestmark = pytest.mark.django_db


def test_the_landing_page_says_how_to_show_it(
    client: Client, definition: Definition, settings: Settings
) -> None:
    settings.PUBLIC_URL = "https://check.example.com"
    page = client.get("/").content.decode()
    assert '<link rel="canonical" href="https://check.example.com/">' in page
    assert f'<meta property="og:title" content="{definition.name}">' in page
    picture = re.search(r'og:image" content="https://check.example.com(/card.png\?v=\w+)"', page)
    assert picture
    response = client.get(picture[1])
    assert "immutable" in response["Cache-Control"]
    assert struct.unpack(">II", response.content[16:24]) == (1200, 630)


def test_structured_data_cannot_end_its_script(definition: Definition) -> None:
    config.BRAND_NAME = "</script><script>alert(1)</script>"
    written = structured_data(definition, current_brand())
    assert "<" not in written
    found = json.loads(written)
    assert (found["@type"], found["publisher"]["name"]) == ("Quiz", config.BRAND_NAME)


def test_a_name_is_no_markup_for_the_picture(client: Client, definition: Definition) -> None:
    config.BRAND_NAME = '#panic() *x* $ " \\'
    assert client.get("/card.png").status_code == 200


def test_steps_are_not_indexed(client: Client, definition: Definition) -> None:
    start(client)
    assert b'<meta name="robots" content="noindex">' in client.get("/step/1/").content
    assert b"application/ld+json" not in client.get("/step/1/").content


def test_without_a_questionnaire_there_is_no_picture(client: Client) -> None:
    assert client.get("/card.png").status_code == 503
