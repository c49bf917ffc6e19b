"""Who asks: the address behind proxies, and the hash under which it is remembered."""

from datetime import date

import pytest
from django.http import HttpRequest
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from assessments.clients import address, address_hash, key_of, keyed_hash, network

PEER = "198.51.100.7"


def request_of(forwarded: str | None = None) -> HttpRequest:
    headers = {"x-forwarded-for": forwarded} if forwarded is not None else {}
    return RequestFactory().get("/", headers=headers, REMOTE_ADDR=PEER)


@pytest.mark.parametrize(
    ("proxies", "forwarded", "client"),
    [
        (0, None, PEER),
        (0, "203.0.113.1", PEER),
        (1, "203.0.113.1", "203.0.113.1"),
        (1, "6.6.6.6, 203.0.113.1", "203.0.113.1"),
        (2, "6.6.6.6, 203.0.113.1, 192.0.2.1", "203.0.113.1"),
        (2, "203.0.113.1", PEER),
        (1, None, PEER),
        (1, "", PEER),
        (1, " , ", PEER),
    ],
)
def test_only_our_own_proxies_are_believed(
    settings: Settings, proxies: int, forwarded: str | None, client: str
) -> None:
    settings.TRUSTED_PROXY_COUNT = proxies
    assert address(request_of(forwarded)) == client


@given(st.lists(st.text(alphabet="0123456789.:abcdef ", max_size=20), max_size=5))
def test_no_header_changes_the_client_when_there_is_no_proxy(claims: list[str]) -> None:
    assert address(request_of(",".join(claims))) == PEER


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("203.0.113.1", "203.0.113.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.1", "203.0.113.1"),
        ("nonsense", "unknown"),
        ("", "unknown"),
    ],
)
def test_one_household_is_one_client(text: str, found: str) -> None:
    assert network(text) == found


def test_the_same_client_has_the_same_hash_all_day() -> None:
    assert address_hash(request_of()) == address_hash(request_of())
    assert len(address_hash(request_of())) == 64


def test_tomorrow_the_hash_is_another() -> None:
    today, tomorrow = key_of(date(2026, 11, 20)), key_of(date(2026, 11, 21))
    assert keyed_hash(PEER, today) != keyed_hash(PEER, tomorrow)
