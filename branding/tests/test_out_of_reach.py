"""Operators hear that their results lead to no calendar, address or number."""

import pytest
from constance.test import override_config
from django.core.checks import run_checks
from django.test import Client

pytestmark = pytest.mark.django_db


def warned() -> bool:
    found = run_checks(include_deployment_checks=True, tags=["compatibility"])
    return any(each.id == "branding.I001" for each in found)


@pytest.mark.parametrize(
    "setting",
    [
        {"BRAND_CALENDAR_LINK": "https://calendar.example/"},
        {"BRAND_CONTACT": "talk@ada.example"},
        {"ADVISER_PHONE": "+49 30 1234"},
    ],
)
def test_one_way_is_enough(setting: dict[str, str]) -> None:
    assert warned()
    with override_config(**setting):
        assert not warned()


def test_the_first_page_of_the_admin_says_it_to_those_who_can_change_it(
    operator: Client, sales: Client
) -> None:
    words = b"Nobody can book a conversation"
    assert words in operator.get("/admin/").content
    assert words not in sales.get("/admin/").content
    with override_config(BRAND_CONTACT="talk@ada.example"):
        assert words not in operator.get("/admin/").content
