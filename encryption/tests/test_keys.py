"""Personal columns: readable with the key, nothing without it, and found by their address."""

import pytest
from django.core.exceptions import FieldError
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from assessments.models import Assessment
from assessments.models.contact import CONTACT_FIELDS
from assessments.tests.factories import ADA, AssessmentFactory
from encryption.keys import MARK, KeyMissing, KeyRing, key_ring_of
from leads.search import search_leads

OLD, NEW = "old" * 20, "new" * 20


def kept(column: str) -> list[str | None]:
    """What the database holds."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM assessments ORDER BY created_at, id")
        return [value for (value,) in cursor.fetchall()]


@given(st.text().filter(lambda text: not text.startswith(MARK)), st.booleans())
def test_what_was_encrypted_is_decrypted(text: str, searchable: bool) -> None:
    ring = key_ring_of((NEW,))
    encrypted = ring.encrypt("company", text, searchable=searchable)
    assert ring.decrypt("company", encrypted, searchable=searchable) == text
    assert not text or encrypted.startswith(ring.prefix)


def test_equal_names_look_different_and_equal_addresses_the_same() -> None:
    ring = key_ring_of((NEW,))
    assert ring.encrypt("company", "Acme", searchable=False) != ring.encrypt(
        "company", "Acme", searchable=False
    )
    assert ring.encrypt("email", "a@b.example", searchable=True) == ring.encrypt(
        "email", "a@b.example", searchable=True
    )


def test_an_older_key_still_decrypts() -> None:
    encrypted = key_ring_of((OLD,)).encrypt("company", "Acme", searchable=False)
    assert key_ring_of((NEW, OLD)).decrypt("company", encrypted, searchable=False) == "Acme"


def test_a_key_that_is_gone_is_named() -> None:
    encrypted = key_ring_of((OLD,)).encrypt("company", "Acme", searchable=False)
    with pytest.raises(KeyMissing, match=f"lacks the key {key_ring_of((OLD,)).prefix[1:-1]}"):
        key_ring_of((NEW,)).decrypt("company", encrypted, searchable=False)


@pytest.mark.parametrize("ring", [key_ring_of((NEW,))])
def test_a_value_that_was_moved_or_changed_is_refused(ring: KeyRing) -> None:
    encrypted = ring.encrypt("company", "Acme", searchable=False)
    for column, value in (
        ("phone", encrypted),
        ("company", encrypted[:-8] + "AAAAAAA="),
        ("company", encrypted[:20]),
    ):
        with pytest.raises(KeyMissing, match="changed"):
            ring.decrypt(column, value, searchable=False)


def test_nobody_can_pass_off_a_plain_value_as_encrypted() -> None:
    assert (
        key_ring_of(("none",)).encrypt("company", f"{MARK}12345678:Acme", searchable=False) == "12345678:Acme"
    )


def test_the_database_holds_no_detail(db: None) -> None:
    details = ADA | {"first_name": "Augusta Ada"}  # three letters may stand in any base64
    AssessmentFactory.create(**details)
    for column in CONTACT_FIELDS:
        (value,) = kept(column)
        assert value
        assert value.startswith(MARK)
        assert details[column] not in value


def test_the_details_are_read_as_they_were_given(hot_lead: Assessment) -> None:
    found = Assessment.objects.get()
    assert {field: getattr(found, field) for field in CONTACT_FIELDS} == ADA


def test_what_is_not_known_stays_null(erased_lead: Assessment) -> None:
    assert kept("email") == [None]


def test_an_update_of_many_rows_is_encrypted_as_well(hot_lead: Assessment) -> None:
    Assessment.objects.update(company="Acme", email=None)
    assert kept("email") == [None]
    assert kept("company")[0] != "Acme"
    assert Assessment.objects.get().company == "Acme"


@pytest.mark.parametrize("keys", [[OLD], [NEW, OLD], ["none"]])
def test_a_lead_is_found_by_its_address_under_any_key(
    hot_lead: Assessment, settings: Settings, keys: list[str]
) -> None:
    settings.FIELD_ENCRYPTION_KEYS = keys
    hot_lead.save()
    settings.FIELD_ENCRYPTION_KEYS = [NEW, OLD]
    assert Assessment.objects.filter(email=ADA["email"]).exists()
    assert Assessment.objects.of_address(ADA["email"].upper()).exists()
    assert not Assessment.objects.exclude(email__in=[ADA["email"]]).exists()


def test_a_search_by_address_uses_the_index(hot_lead: Assessment) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; DROP INDEX assessments_scrub")  # as small in a test
    assert "assessments_email" in Assessment.objects.of_address("a@b.example").explain()


def test_no_address_means_null(erased_lead: Assessment) -> None:
    assert Assessment.objects.filter(email=None).exists()


@pytest.mark.parametrize("lookup", ["company", "company__icontains", "email__iexact", "email__startswith"])
def test_a_lookup_that_could_find_nothing_is_refused(lookup: str) -> None:
    with pytest.raises(FieldError, match="is encrypted"):
        Assessment.objects.filter(**{lookup: "a"})


def test_without_keys_values_are_kept_as_they_are(hot_lead: Assessment, settings: Settings) -> None:
    settings.FIELD_ENCRYPTION_KEYS = ["none"]
    hot_lead.company = "Acme"
    hot_lead.save(update_fields=["company"])
    assert kept("company") == ["Acme"]


@pytest.mark.parametrize("words", ["ada", "LOVELACE ada", "engines.example", "analytical eng", "7946"])
def test_staff_find_a_lead_by_any_part_of_its_details(
    hot_lead: Assessment, cold_lead: Assessment, words: str
) -> None:
    assert search_leads(words).keys == [hot_lead.pk]


def test_a_search_finds_no_scrubbed_lead_and_nothing_that_is_not_there(
    hot_lead: Assessment, erased_lead: Assessment
) -> None:
    assert search_leads("ada grace").keys == []
