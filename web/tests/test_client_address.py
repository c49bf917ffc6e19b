"""Who asks: the address behind proxies, and the hash under which it is remembered."""

import hashlib
import hmac
import ipaddress
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from django.conf import settings as configured
from django.core import serializers
from django.http import HttpRequest
from django.test import Client, RequestFactory
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings
from redis import Redis

from assessments.models import Assessment
from web import client_address as module
from web.client_address import client_address, client_hash, daily_key, keyed_hash, network_of, parse_ip
from web.shared_counters import counters

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
    assert client_address(request_of(forwarded)) == client


@given(st.lists(st.text(alphabet="0123456789.:abcdef ", max_size=20), max_size=5))
def test_no_header_changes_the_client_when_there_is_no_proxy(claims: list[str]) -> None:
    assert client_address(request_of(",".join(claims))) == PEER


@pytest.mark.parametrize(
    ("forwarded", "client"),
    [
        ("203.0.113.60:5000", "203.0.113.60"),
        ("203.0.113.60", "203.0.113.60"),
        ("[2001:db8::1]:443", "2001:db8::1"),
        ("[2001:db8::1]", "2001:db8::1"),
        ("2001:db8::1", "2001:db8::1"),
        ('"[2001:db8::1]:80"', "2001:db8::1"),
        ("198.51.100.1%eth0", "198.51.100.1"),
        ("fe80::1%eth0", "fe80::1"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("64:ff9b::203.0.113.9", "203.0.113.9"),
        ("[64:ff9b::cb00:7109]:443", "203.0.113.9"),
        ("64:ff9b:1::203.0.113.9", "203.0.113.9"),
        ("::ffff:0:203.0.113.9", "203.0.113.9"),
        ("::ffff:203.0.113.9:8080", "203.0.113.9"),
        *(("unknown", PEER), ("", PEER), ("_hidden", PEER), ("1:2:3", PEER)),
    ],
)
def test_whatever_a_proxy_appends_the_client_is_an_address(
    settings: Settings, forwarded: str, client: str
) -> None:
    settings.TRUSTED_PROXY_COUNT = 1
    assert client_address(request_of(forwarded)) == client


@given(st.text(max_size=60))
def test_any_text_is_an_address_or_none(text: str) -> None:
    found = parse_ip(text)
    assert not found or ipaddress.ip_address(found)


@pytest.mark.django_db
def test_a_port_behind_the_client_fails_no_login(client: Client, settings: Settings) -> None:
    settings.TRUSTED_PROXY_COUNT = 1
    page = client.post(
        "/admin/login/",
        {"username": "nobody@x.example", "password": "wrong"},
        headers={"x-forwarded-for": "203.0.113.60:5000"},
    )
    assert page.status_code < 500


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
    assert network_of(parse_ip(text)) == found


def test_the_same_client_has_the_same_hash_all_day() -> None:
    assert client_hash(request_of()) == client_hash(request_of())
    assert len(client_hash(request_of())) == 64


def test_tomorrow_the_hash_is_another() -> None:
    today, tomorrow = daily_key(date(2026, 11, 20)), daily_key(date(2026, 11, 21))
    assert keyed_hash(PEER, today) != keyed_hash(PEER, tomorrow)


@pytest.fixture
def redis() -> Iterator[Redis]:
    with Redis.from_url(configured.RATE_LIMIT_REDIS_URL) as redis:
        yield redis


@pytest.fixture
def new_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that knows no key yet."""
    monkeypatch.setattr(module, "_keys", {})


def test_the_key_of_a_day_is_destroyed_after_seven(redis: Redis, new_process: None) -> None:
    today = datetime.now(UTC).date()
    daily_key(today)
    assert 7 * 24 * 3600 - 60 < redis.ttl(f"client-key:{today}") <= 7 * 24 * 3600


def test_asking_again_does_not_prolong_the_life_of_a_key(
    redis: Redis, new_process: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    today = datetime.now(UTC).date()
    first = daily_key(today)
    redis.expire(f"client-key:{today}", 100)
    monkeypatch.setattr(module, "_keys", {})
    assert daily_key(today) == first
    assert redis.ttl(f"client-key:{today}") <= 100


def test_a_process_keeps_the_key_of_one_day_only(new_process: None) -> None:
    for day in (20, 21, 22):
        daily_key(date(2026, 11, day))
    assert list(module._keys) == [date(2026, 11, 22)]


def test_a_destroyed_key_does_not_come_back(redis: Redis, new_process: None) -> None:
    day = date(2026, 11, 20)
    before = daily_key(day)
    redis.flushdb()
    module._keys.clear()
    assert daily_key(day) != before


def test_without_redis_the_key_is_the_process_s_own_for_one_day(
    new_process: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counters(), "get_or_set", lambda *args, **options: None)
    first = daily_key(date(2026, 11, 20))
    assert daily_key(date(2026, 11, 20)) == first
    assert daily_key(date(2026, 11, 21)) != first
    assert list(module._own_keys) == [date(2026, 11, 21)]


@pytest.mark.django_db
def test_with_a_dump_alone_no_address_is_recovered(hot_lead: Assessment) -> None:
    """Every address of a network is tried, with no key and with everything in the row as the key."""
    hot_lead.ip_address_hash = client_hash(request_of())
    hot_lead.save(update_fields=["ip_address_hash"])
    row = serializers.serialize("python", [Assessment.objects.get(pk=hot_lead.pk)])[0]
    guesses = [str(guess).encode() for guess in ipaddress.ip_network("198.51.100.0/24")]
    assert PEER.encode() in guesses
    known = [configured.SECRET_KEY, str(row["pk"]), *map(str, row["fields"].values())]
    for guess in guesses:
        assert hashlib.sha256(guess).hexdigest() != hot_lead.ip_address_hash
        for key in known:
            assert hmac.new(key.encode(), guess, "sha256").hexdigest() != hot_lead.ip_address_hash
