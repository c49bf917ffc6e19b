"""An operator sets the brand in the admin."""

from typing import Any

import pytest
from constance import config
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client

from branding.brand import current_brand
from branding.links import Link
from branding.tests.pictures import png, svg
from tests.tokens import without_tokens

PAGE = "/admin/constance/config/"


def send(client: Client, **changed: Any) -> Any:
    """Save the page of settings with some of them changed."""
    form = client.get(PAGE).context["form"]
    values = {name: form.initial.get(name) for name in form.fields} | {"BRAND_LOGO": ""}
    sent = {name: value for name, value in values.items() if value not in (None, False)}
    response = client.post(PAGE, sent | changed)
    config._backend.forget()  # constance's form writes through a snapshot of its own
    return response


def errors(response: Any) -> dict[str, list[str]]:
    return dict(response.context["form"].errors)


def test_the_brand_is_set_in_the_admin(operator: Client) -> None:
    response = send(
        operator,
        BRAND_NAME="Ada & Söhne",
        BRAND_PRIMARY_LIGHT="#A01060",
        BRAND_CALENDAR_LINK="https://calendar.example/ada",
        BRAND_FOOTER_LINKS="Imprint https://ada.example/imprint\n\nOur privacy policy https://ada.example/privacy",
        BRAND_LOGO=SimpleUploadedFile("logo.svg", svg("<path d='M0 0h9v9z'/>")),
    )
    assert response.status_code == 302
    brand = current_brand()
    assert (brand.name, brand.light.primary) == ("Ada & Söhne", "#a01060")
    assert brand.logo
    assert brand.footer_links == (
        Link("Imprint", "https://ada.example/imprint"),
        Link("Our privacy policy", "https://ada.example/privacy"),
    )


def test_a_colour_that_cannot_be_read_is_refused_with_the_nearest_that_can(operator: Client) -> None:
    response = send(operator, BRAND_PRIMARY_LIGHT="#ff8800", BRAND_ACCENT_DARK="#222222", BRAND_NAME="New")
    found = errors(response)
    assert set(found) == {"BRAND_PRIMARY_LIGHT", "BRAND_ACCENT_DARK"}
    assert "Links on cards: #ff8800 on #ffffff is 2.39:1, needed is 4.5:1" in found["BRAND_PRIMARY_LIGHT"][0]
    assert "The nearest readable colour is #" in found["BRAND_ACCENT_DARK"][0]
    assert b"needed is 3:1" in response.content
    assert current_brand().name == "Reality Check"
    assert b'value="New"' in response.content, "what was entered stays"


def test_the_command_line_refuses_it_too(db: None) -> None:
    with pytest.raises(CommandError, match="nearest readable"):
        call_command("constance", "set", "BRAND_PRIMARY_DARK", "#111111")


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("BRAND_NAME", "", "required"),
        ("BRAND_NAME", "x" * 41, "40"),
        ("BRAND_PRIMARY_LIGHT", "green", "#rrggbb"),
        ("BRAND_CONTACT", "nobody", "e-mail|email"),
        ("BRAND_CALENDAR_LINK", "javascript:alert(1)", "URL"),
        ("BRAND_FOOTER_LINKS", "Imprint javascript:alert(1)", "is no link"),
        ("BRAND_FOOTER_LINKS", "https://without.words", "is no link"),
        ("BRAND_LOGO", SimpleUploadedFile("logo.svg", svg("<script/>")), "<script>"),
        ("BRAND_LOGO", SimpleUploadedFile("logo.png", png(9, 9)[:60]), "cannot be drawn"),
        ("BRAND_LOGO", SimpleUploadedFile("logo.png", b"x" * 20_001), "20 kB"),
    ],
)
def test_what_pages_could_not_show_is_refused(operator: Client, name: str, value: Any, words: str) -> None:
    found = errors(send(operator, **{name: value}))
    assert set(found) == {name}
    with pytest.raises(AssertionError, match=words):
        raise AssertionError(found[name][0])


def test_a_logo_stays_until_it_is_taken_away(operator: Client) -> None:
    send(operator, BRAND_LOGO=SimpleUploadedFile("logo.png", png(9, 9)))
    before = config.BRAND_LOGO
    page = send(operator, BRAND_NAME="Ada")
    assert page.status_code == 302
    assert (config.BRAND_LOGO, current_brand().name) == (before, "Ada")
    send(operator, **{"BRAND_LOGO-clear": "on"})
    assert config.BRAND_LOGO == ""


def test_the_page_shows_the_logo_and_not_its_bytes(operator: Client) -> None:
    send(operator, BRAND_LOGO=SimpleUploadedFile("logo.png", png(9, 9)))
    page = operator.get(PAGE).content.decode()
    assert 'src="/brand/logo"' in page
    assert "base64" not in without_tokens(page)
