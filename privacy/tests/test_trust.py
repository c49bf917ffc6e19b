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
from tests.tokens import without_tokens

pytestmark = pytest.mark.django_db

CORA = "cora@victim.example"
SECRET = {"email": CORA, "first_name": "Cora", "company": "Secret AG", "phone": "+49 30 5550002"}


@pytest.fixture
def stranger() -> Client:
    return Client()


@pytest.fixture
def cora(definition: Definition) -> Client:
    """Cora finished, gave contact details, and is about to use the rights."""
    client = Client()
    assessment = finish(client, definition, "D", email=CORA)
    client.post(contact_page(assessment), SECRET)
    return client


@pytest.fixture
def theirs(cora: Client, stranger: Client, definition: Definition) -> Assessment:
    """The newest assessment with this address is a stranger's."""
    return finish(stranger, definition, "D", email=CORA)


def contact_page(assessment: Assessment) -> str:
    return reverse("assessments:contact", args=[assessment.pk])


def open_mailed_link(client: Client, assessment: Assessment) -> None:
    """What a mail to Cora says, asked for while the stranger's assessment was the newest."""
    client.get(reverse("privacy:open", args=[PrivacyLink.objects.make(assessment, address=CORA)]))


def seen_by(client: Client, assessment: Assessment) -> str:
    """All pages and files that the browser of an assessment gets."""
    pages = [client.get(reverse("assessments:results", args=[assessment.pk]))]
    pages.append(client.post(reverse("privacy:from_result", args=[assessment.pk]), follow=True))
    pages.append(client.get("/privacy/yours/"))
    paper = client.get(reverse("assessments:report", args=[assessment.pk]))
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(paper.content)).pages)
    return text + "".join(page.content.decode() for page in pages)


def test_a_stranger_reads_nothing_of_a_correction(cora: Client, stranger: Client, theirs: Assessment) -> None:
    stranger.post(reverse("privacy:from_result", args=[theirs.pk]))  # a key from before
    open_mailed_link(cora, theirs)
    cora.post("/privacy/yours/correct/", {**SECRET, "company": "Right AG"})
    found = without_tokens(seen_by(stranger, theirs))
    assert [each for each in ("Cora", "Secret", "Right AG", "5550002") if each in found] == []


def test_nor_changes_anything_of_it(cora: Client, stranger: Client, theirs: Assessment) -> None:
    open_mailed_link(cora, theirs)
    cora.post("/privacy/yours/correct/", SECRET)
    stranger.post(contact_page(theirs), {"email": "attacker@evil.example", "company": "x"})
    stranger.post("/privacy/yours/correct/", {"email": "attacker@evil.example", "company": "x"})
    assert set(Assessment.objects.values_list("email", "company")) == {(CORA, "Secret AG")}


def test_ones_own_browser_still_shows_ones_details(
    cora: Client, theirs: Assessment, definition: Definition
) -> None:
    own = Assessment.objects.exclude(pk=theirs.pk).get()
    open_mailed_link(cora, theirs)
    cora.post("/privacy/yours/correct/", SECRET)
    assert "Secret AG" in cora.get(reverse("assessments:results", args=[own.pk])).content.decode()
    cora.post(contact_page(own), {**SECRET, "company": "New AG"})
    own.refresh_from_db()
    assert own.company == "New AG"


def test_the_form_is_filled_with_what_its_owner_gave(cora: Client, theirs: Assessment) -> None:
    open_mailed_link(cora, theirs)
    page = cora.get("/privacy/yours/").content.decode()
    assert 'value="Secret AG"' in page


def test_a_key_stays_its_owners_whatever_becomes_of_the_strangers_address(
    cora: Client, stranger: Client, theirs: Assessment
) -> None:
    token = PrivacyLink.objects.make(theirs, address=CORA)
    stranger.post(contact_page(theirs), {"email": "attacker@evil.example"})
    cora.get(reverse("privacy:open", args=[token]))
    page = cora.get("/privacy/yours/").content.decode()
    assert "Secret AG" in page
    assert "attacker@evil.example" not in page
    cora.post("/privacy/yours/erase/", {"sure": "1"})
    assert set(Assessment.objects.values_list("email", flat=True)) == {None, "attacker@evil.example"}
    assert "erased" in cora.get("/privacy/yours/").content.decode()


def test_the_row_of_a_link_does_not_tell_the_address(theirs: Assessment) -> None:
    token = PrivacyLink.objects.make(theirs, address=CORA)
    row = PrivacyLink.objects.values().get(token_hash=PrivacyLink.objects.of_token(token).get().pk)
    assert CORA not in str(row)
    assert row["sealed_address"]


def test_an_erasure_of_the_stranger_leaves_the_owners_key_alone(
    cora: Client, stranger: Client, theirs: Assessment
) -> None:
    token = PrivacyLink.objects.make(theirs, address=CORA)
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
    assessment = finish(Client(), definition, "D", email="chef@xn--mller-kva.example")
    stored = key_ring().encrypt("email", "chef@m\u00fcller.example", searchable=True)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE assessments SET email = %s", [stored])
    assert Assessment.objects.get().email == "chef@m\u00fcller.example"
    erase("chef@xn--mller-kva.example", asked_by="test")
    assessment.refresh_from_db()
    assert assessment.email is None


def test_an_objection_under_the_older_spelling_counts(definition: Definition) -> None:
    assessment = finish(Client(), definition, "D", email="chef@m\u00fcller.example")
    Consent.objects.create(
        address_hash=stored_hashes("chef@m\u00fcller.example")[1],
        purpose=Purpose.FOLLOW_UP,
        given=False,
        text="t",
        source="privacy_page",
    )
    assert consents.current_choices("chef@m\u00fcller.example", assessment.pk) == {Purpose.FOLLOW_UP: False}
