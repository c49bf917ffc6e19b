"""A stranger who types somebody's address, and that person: two browsers, as it was seen."""

import io

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from assessments.lifecycle import consents
from assessments.models import Assessment, Consent, PrivacyLink, Purpose
from assessments.tests.browsing import finish
from encryption.email_addresses import stored_hashes
from encryption.keys import key_ring
from privacy.requests.erasure import erase
from scorecard.definition import Definition

pytestmark = pytest.mark.django_db

HERS = "cora@victim.example"
SECRET = {"email": HERS, "first_name": "Cora", "company": "Secret AG", "phone": "+49 30 5550002"}


@pytest.fixture
def stranger() -> Client:
    return Client()


@pytest.fixture
def cora(definition: Definition) -> Client:
    """She finished, gave her details, and is about to use her rights."""
    client = Client()
    run = finish(client, definition, "D", email=HERS)
    client.post(contact_page(run), SECRET)
    return client


@pytest.fixture
def theirs(cora: Client, stranger: Client, definition: Definition) -> Assessment:
    """The newest assessment with her address is a stranger's."""
    return finish(stranger, definition, "D", email=HERS)


def contact_page(run: Assessment) -> str:
    return reverse("assessments:contact", args=[run.pk])


def open_mailed_link(client: Client, run: Assessment) -> None:
    """What a mail to her says, asked for while the stranger's assessment was the newest."""
    client.get(reverse("privacy:open", args=[PrivacyLink.objects.make(run, address=HERS)]))


def seen_by(client: Client, run: Assessment) -> str:
    """All pages and files that the browser of an assessment gets."""
    pages = [client.get(reverse("assessments:results", args=[run.pk]))]
    pages.append(client.post(reverse("privacy:from_result", args=[run.pk]), follow=True))
    pages.append(client.get("/privacy/yours/"))
    paper = client.get(reverse("assessments:report", args=[run.pk]))
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(paper.content)).pages)
    return text + "".join(page.content.decode() for page in pages)


def test_a_stranger_reads_nothing_of_her_correction(
    cora: Client, stranger: Client, theirs: Assessment
) -> None:
    stranger.post(reverse("privacy:from_result", args=[theirs.pk]))  # a key from before
    open_mailed_link(cora, theirs)
    cora.post("/privacy/yours/correct/", {**SECRET, "company": "Right AG"})
    found = seen_by(stranger, theirs)
    assert [each for each in ("Cora", "Secret", "Right AG", "5550002") if each in found] == []


def test_nor_changes_anything_of_it(cora: Client, stranger: Client, theirs: Assessment) -> None:
    open_mailed_link(cora, theirs)
    cora.post("/privacy/yours/correct/", SECRET)
    stranger.post(contact_page(theirs), {"email": "attacker@evil.example", "company": "x"})
    stranger.post("/privacy/yours/correct/", {"email": "attacker@evil.example", "company": "x"})
    assert set(Assessment.objects.values_list("email", "company")) == {(HERS, "Secret AG")}


def test_her_own_browser_still_shows_her_details(
    cora: Client, theirs: Assessment, definition: Definition
) -> None:
    hers = Assessment.objects.exclude(pk=theirs.pk).get()
    open_mailed_link(cora, theirs)
    cora.post("/privacy/yours/correct/", SECRET)
    assert "Secret AG" in cora.get(reverse("assessments:results", args=[hers.pk])).content.decode()
    cora.post(contact_page(hers), {**SECRET, "company": "New AG"})
    hers.refresh_from_db()
    assert hers.company == "New AG"


def test_her_form_is_filled_with_what_she_gave(cora: Client, theirs: Assessment) -> None:
    open_mailed_link(cora, theirs)
    page = cora.get("/privacy/yours/").content.decode()
    assert 'value="Secret AG"' in page


def test_her_key_is_hers_whatever_becomes_of_the_strangers_address(
    cora: Client, stranger: Client, theirs: Assessment
) -> None:
    token = PrivacyLink.objects.make(theirs, address=HERS)
    stranger.post(contact_page(theirs), {"email": "attacker@evil.example"})
    cora.get(reverse("privacy:open", args=[token]))
    page = cora.get("/privacy/yours/").content.decode()
    assert "Secret AG" in page
    assert "attacker@evil.example" not in page
    cora.post("/privacy/yours/erase/", {"sure": "1"})
    assert set(Assessment.objects.values_list("email", flat=True)) == {None, "attacker@evil.example"}
    assert "erased" in cora.get("/privacy/yours/").content.decode()


def test_the_row_of_a_link_does_not_tell_the_address(theirs: Assessment) -> None:
    token = PrivacyLink.objects.make(theirs, address=HERS)
    row = PrivacyLink.objects.values().get(token_hash=PrivacyLink.objects.of_token(token).get().pk)
    assert HERS not in str(row)
    assert row["sealed_address"]


def test_an_erasure_of_the_stranger_leaves_her_key_alone(
    cora: Client, stranger: Client, theirs: Assessment
) -> None:
    token = PrivacyLink.objects.make(theirs, address=HERS)
    stranger.post(contact_page(theirs), {"email": "attacker@evil.example"})
    own = PrivacyLink.objects.make(theirs, address="attacker@evil.example")
    stranger.get(reverse("privacy:open", args=[own]))
    stranger.post("/privacy/yours/erase/", {"sure": "1"})
    cora.get(reverse("privacy:open", args=[token]))
    assert "Secret AG" in cora.get("/privacy/yours/").content.decode()


def test_one_mailbox_has_one_erasure_whatever_its_domain_is_written_in(definition: Definition) -> None:
    for address in ("chef@m\u00fcller.example", "chef@xn--mller-kva.example"):
        finish(Client(), definition, "D", email=address)
    erase("Chef@M\u00dcLLER.example", asked_by="test")
    assert set(Assessment.objects.values_list("email", flat=True)) == {None}


def test_what_an_older_release_stored_in_unicode_is_erased_as_well(definition: Definition) -> None:
    run = finish(Client(), definition, "D", email="chef@xn--mller-kva.example")
    stored = key_ring().encrypt("email", "chef@m\u00fcller.example", searchable=True)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE assessments SET email = %s", [stored])
    assert Assessment.objects.get().email == "chef@m\u00fcller.example"
    erase("chef@xn--mller-kva.example", asked_by="test")
    run.refresh_from_db()
    assert run.email is None


def test_an_objection_under_the_older_spelling_counts(definition: Definition) -> None:
    run = finish(Client(), definition, "D", email="chef@m\u00fcller.example")
    Consent.objects.create(
        address_hash=stored_hashes("chef@m\u00fcller.example")[1],
        purpose=Purpose.FOLLOW_UP,
        given=False,
        text="t",
        source="privacy_page",
    )
    assert consents.current_choices("chef@m\u00fcller.example", run.pk) == {Purpose.FOLLOW_UP: False}
