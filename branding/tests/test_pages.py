"""What the brand does to pages, and what browsers ask of it."""

import struct

import pytest
from constance import config
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from branding import brand, logo
from branding.tests.pictures import png, svg
from scorecard import versions

pytestmark = pytest.mark.django_db

FOR_GOOD = "public, max-age=31536000, immutable"


def set_brand(**values: str) -> None:
    for name, value in values.items():
        setattr(config, name, value)


def privacy_page(client: Client) -> str:
    return str(client.get(reverse("privacy:page")).content.decode())


def test_without_a_brand_pages_load_one_stylesheet(client: Client) -> None:
    page = privacy_page(client)
    assert "brand.css" not in page
    assert "· Reality Check</title>" in page


def test_a_brand_shows_on_every_page(client: Client) -> None:
    set_brand(
        BRAND_NAME="Ada & Co",
        BRAND_CONTACT="hello@ada.example",
        BRAND_POSTAL_ADDRESS="1 Engine Road",
        BRAND_FOOTER_LINKS="Imprint https://ada.example/imprint",
        BRAND_PRIMARY_LIGHT="#a01060",
    )
    page = privacy_page(client)
    for words in (
        "· Ada &amp; Co</title>",
        'href="mailto:hello@ada.example"',
        "1 Engine Road",
        '<a href="https://ada.example/imprint">Imprint</a>',
        f'href="/brand.css?v={brand.current_brand().version}"',
    ):
        assert words in page


@pytest.mark.parametrize(("size", "beside"), [((30, 30), True), ((120, 30), False)])
def test_a_square_logo_stands_beside_the_name_a_wide_one_for_it(
    client: Client, size: tuple[int, int], beside: bool
) -> None:
    set_brand(BRAND_LOGO=logo.parse_logo(png(*size)).stored(), BRAND_NAME="Ada")
    page = privacy_page(client)
    assert ('alt="Ada"' in page) is not beside
    assert ("/brand/icon.svg" in page) is True


def test_colours_are_kept_for_good_by_the_version_in_their_address(client: Client) -> None:
    set_brand(BRAND_PRIMARY_LIGHT="#a01060")
    response = client.get("/brand.css", {"v": brand.current_brand().version})
    assert response["Content-Type"] == "text/css"
    assert response["Cache-Control"] == FOR_GOOD
    assert b"--accent:#a01060" in response.content


def test_a_process_that_does_not_know_a_version_yet_says_nothing_for_good(client: Client) -> None:
    assert client.get("/brand.css", {"v": "newer"})["Cache-Control"] == "no-store"


def test_another_process_follows_a_change(client: Client) -> None:
    """What another process wrote is read when the snapshot is old; nothing is kept beside the settings."""
    before = brand.current_brand().version
    config._backend._model.objects.create(key=config._backend.add_prefix("BRAND_NAME"), value='"Ada"')
    config._backend.forget()
    assert (brand.current_brand().name, brand.current_brand().version != before) == ("Ada", True)


@pytest.mark.parametrize(
    ("path", "kind", "start"),
    [
        ("/favicon.ico", "image/vnd.microsoft.icon", struct.pack("<HHHBB", 0, 1, 1, 32, 32)),
        ("/apple-touch-icon.png", "image/png", b"\x89PNG"),
        ("/brand/icon.svg", "image/svg+xml", b"<svg"),
        ("/brand/logo", "image/svg+xml", b"<svg"),
    ],
)
def test_browsers_get_their_icons(client: Client, path: str, kind: str, start: bytes) -> None:
    response = client.get(path)
    assert (response["Content-Type"], response["Cache-Control"]) == (kind, "public, max-age=3600")
    assert response.content.startswith(start)


def test_a_square_logo_is_the_icon(client: Client) -> None:
    square = logo.parse_logo(svg("<path d='M0 0h9v9z'/>", 'viewBox="0 0 10 10"'))
    set_brand(BRAND_LOGO=square.stored())
    assert client.get("/brand/icon.svg").content == square.content
    assert client.get("/apple-touch-icon.png").content.startswith(b"\x89PNG")


def test_without_the_database_the_last_brand_holds(client: Client) -> None:
    set_brand(BRAND_NAME="Ada")
    assert brand.current_brand().name == "Ada"
    config._backend.forget()

    def down(*_call: object) -> None:
        raise OperationalError("the server is gone")

    with connection.execute_wrapper(down):
        assert brand.current_brand().name == "Ada"
        assert client.get("/brand/logo").status_code == 200


def test_the_brand_costs_no_statement(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    brand.current_brand()
    versions.live_keys()
    with django_assert_num_queries(0):
        client.get("/no/such/page/")
        client.get("/brand.css")
