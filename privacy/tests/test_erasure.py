"""One person goes, everywhere and at once, and does not come back unasked."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.tests.people import member
from assessments.lifecycle import services
from assessments.lifecycle.visitors import Visitor
from assessments.models import Assessment, AssessmentSession, Consent, PrivacyLink, SuppressedAddress
from assessments.models.contact import CONTACT_FIELDS
from assessments.qualification import Contact
from assessments.tests.factories import ADA, AssessmentFactory, SessionFactory
from audit.models import SystemLog
from encryption.email_addresses import address_hash
from hubspot_sync.delivery.enqueue import enqueue
from hubspot_sync.delivery.lead_reader import read_leads
from hubspot_sync.erasure.erase import enqueue_erasure
from hubspot_sync.models import HubSpotErasure, QueueStatus, SyncQueueItem
from leads.models import Lead
from mailings.models import Mail, MailKind
from privacy.requests.after_restore import (
    addresses_to_erase_again,
    erase_again,
    import_erasures,
    list_erasures,
)
from privacy.requests.erasure import erase
from privacy.requests.person import by_address
from scorecard import versions
from scorecard.models import QuestionnaireVersion
from tests.elsewhere import Elsewhere

pytestmark = pytest.mark.django_db

ADDRESS = ADA["email"]


def everything() -> str:
    """Every value of every row of every table that is ours, as one text."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
        tables = [name for (name,) in cursor.fetchall()]
        texts = []
        for table in tables:
            cursor.execute(f'SELECT string_agg(t::text, chr(10)) FROM "{table}" t')
            texts.append(cursor.fetchone()[0] or "")
    return "\n".join(texts).lower()


@pytest.fixture
def ada(hot_lead: Assessment, version: QuestionnaireVersion) -> Assessment:
    """Ada everywhere: finished, unfinished, queued, mailed, agreed, linked, in the admin's log."""
    Assessment.objects.update(hubspot_contact_id="51", hubspot_contact_created=True, ip_address_hash="b" * 64)
    SessionFactory.create(version=version, responses={"governance_1": "B"}, **ADA)
    enqueue(hot_lead)
    Mail.objects.create(kind=MailKind.RESULT, assessment=hot_lead, key="k")
    Consent.objects.create(
        address_hash=address_hash(ADDRESS), purpose="marketing", given=True, text="t", source="api"
    )
    PrivacyLink.objects.make(hot_lead, address=ADDRESS)
    LogEntry.objects.create(
        user=member("Sales"),
        content_type=ContentType.objects.get_for_model(Lead, for_concrete_model=False),
        object_id=str(hot_lead.pk),
        object_repr="Ada Lovelace",
        action_flag=CHANGE,
    )
    return hot_lead


def test_no_table_holds_any_of_the_details_afterwards(ada: Assessment) -> None:
    erase(ADDRESS, asked_by="test")
    HubSpotErasure.objects.update(address=None)
    found = everything()
    # Whole words: three letters of a name are in a hash now and then.
    assert [value for value in ADA.values() if re.search(rf"\b{re.escape(value.lower())}\b", found)] == []


def test_the_statistics_stay_without_the_person(ada: Assessment) -> None:
    erase(ADDRESS, asked_by="test")
    left = Assessment.objects.get(pk=ada.pk)
    assert (left.total_score, left.score_category, left.lead_quality) == (
        ada.total_score,
        ada.score_category,
        ada.lead_quality,
    )
    assert left.answered.count() == 16
    assert left.email_scrubbed_at


def test_answers_of_an_unfinished_assessment_stay_for_drop_off(ada: Assessment) -> None:
    erase(ADDRESS, asked_by="test")
    assert not AssessmentSession.objects.exists()
    unfinished = Assessment.objects.get(completed_at=None)
    assert unfinished.answered.get().value == {"selectedOptionId": "B"}


def test_what_waits_is_cancelled(ada: Assessment) -> None:
    erase(ADDRESS, asked_by="test")
    assert SyncQueueItem.objects.get().status == QueueStatus.CANCELLED
    assert (Mail.objects.get().status, Mail.objects.get().key) == ("cancelled", None)


def test_hubspot_is_told_the_contact_that_we_made_and_the_address(ada: Assessment) -> None:
    erase(ADDRESS, asked_by="test")
    rows = HubSpotErasure.objects.order_by("contact_id")
    assert [(row.contact_id, row.address) for row in rows] == [("51", None), (None, ADDRESS)]


def test_a_contact_that_was_there_before_is_erased_by_its_address_alone(ada: Assessment) -> None:
    Assessment.objects.update(hubspot_contact_created=False)
    erase(ADDRESS, asked_by="test")
    row = HubSpotErasure.objects.get()
    assert (row.contact_id, row.address) == (None, ADDRESS)


def test_an_address_that_nobody_here_has_is_erased_in_hubspot_all_the_same(db: None) -> None:
    erase("Nobody@X.example", asked_by="test")
    row = HubSpotErasure.objects.get()
    assert (row.contact_id, row.address) == (None, "nobody@x.example")


def test_while_a_worker_is_sending_a_lead_its_erasure_waits_for_the_end_of_its_lease(ada: Assessment) -> None:
    [item] = SyncQueueItem.objects.claim(10)
    erase(ADDRESS, asked_by="test")
    rows = HubSpotErasure.objects.order_by("contact_id")
    assert [(row.contact_id, row.address) for row in rows] == [("51", None), (None, ADDRESS)]
    assert {row.next_try_at for row in rows} == {item.next_retry_at}
    assert not HubSpotErasure.objects.due().exists()


def test_others_stay(ada: Assessment, cold_lead: Assessment) -> None:
    erase(ADDRESS, asked_by="test")
    assert Assessment.objects.get(pk=cold_lead.pk).email == cold_lead.email


def test_it_is_recorded_that_it_happened_and_not_to_whom(ada: Assessment) -> None:
    erased = erase(ADDRESS, asked_by="test")
    log = SystemLog.objects.get(event_type="person_erased")
    assert (log.data["erasure"], log.data["asked_by"]) == (str(erased.line.pk), "test")
    assert log.data["rows"]["assessments"] == 1  # the unfinished assessment names nobody
    assert ADDRESS not in f"{log.message}{log.data}"


def test_once_more_changes_nothing_here(ada: Assessment) -> None:
    erase(ADDRESS, asked_by="test")
    assert erase(ADDRESS, asked_by="test").rows == {}


def test_consents_stay_as_proof_without_a_name(ada: Assessment) -> None:
    erase(ADDRESS, asked_by="test")
    assert Consent.objects.get().address_hash == address_hash(ADDRESS)


def test_a_late_job_does_not_bring_a_person_back(version: QuestionnaireVersion) -> None:
    erase(ADDRESS, asked_by="test")
    imported = AssessmentFactory.create(version=version, ada=True)
    assert read_leads([imported]) == {}


def test_typing_an_erased_address_does_not_bring_it_back(version: QuestionnaireVersion) -> None:
    erase(ADDRESS, asked_by="test")
    started = services.start_assessment(versions.get(version.pk), Visitor())
    services.save_progress(started.session, step=1, answers={}, contact=Contact(email=ADDRESS).given)
    assert read_leads([started.session.assessment]) == {}
    assert SuppressedAddress.objects.get().lifted_at is None


def test_whoever_proves_the_address_is_welcome_again(client: Client, version: QuestionnaireVersion) -> None:
    erase(ADDRESS, asked_by="test")
    started = services.start_assessment(versions.get(version.pk), Visitor())
    services.save_progress(started.session, step=1, answers={}, contact=Contact(email=ADDRESS).given)
    token = PrivacyLink.objects.make(started.session.assessment, address=ADDRESS)
    client.get(f"/privacy/open/{token}/")
    assert SuppressedAddress.objects.get().lifted_at is None
    client.post("/privacy/yours/correct/", ADA)
    assert SuppressedAddress.objects.get().lifted_at
    assert list(read_leads([started.session.assessment])) == [started.session.assessment.pk]


def test_another_key_makes_another_hash(settings: Settings) -> None:
    before = address_hash(ADDRESS)
    settings.ADDRESS_HASH_KEY = "another"
    assert address_hash(ADDRESS) != before


# Restores


def restore(lead: Assessment, **values: Any) -> None:
    """The row is again as the backup had it."""
    Assessment.objects.filter(pk=lead.pk).update(**{**ADA, "email_scrubbed_at": None, **values})


def test_whom_a_backup_brought_back_is_erased_again(hot_lead: Assessment) -> None:
    Assessment.objects.update(created_at=timezone.now() - timedelta(hours=1))
    erase(ADDRESS, asked_by="test")
    restore(hot_lead)
    assert erase_again() == 1
    assert list(Assessment.objects.values_list(*CONTACT_FIELDS)) == [(None,) * 5]
    assert addresses_to_erase_again() == []


def test_the_list_comes_back_from_the_logs_when_the_backup_took_it_along(hot_lead: Assessment) -> None:
    Assessment.objects.update(created_at=timezone.now() - timedelta(hours=1))
    erase(ADDRESS, asked_by="test")
    logged = [f'{{"level": "WARNING", "message": "{line}"}}\n' for line in list_erasures()]
    SuppressedAddress.objects.all().delete()
    restore(hot_lead)
    assert addresses_to_erase_again() == []
    assert import_erasures([*logged, "something else\n", *logged]) == 1
    assert erase_again() == 1


def test_a_list_that_cannot_be_read_erases_nobody(hot_lead: Assessment) -> None:
    Assessment.objects.update(created_at=timezone.now() - timedelta(hours=1))
    erase(ADDRESS, asked_by="test")
    restore(hot_lead)
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("suppress_restored", "/no/such/file")
    assert addresses_to_erase_again() == [ADDRESS]


def test_whoever_came_back_after_the_erasure_stays(version: QuestionnaireVersion) -> None:
    line = erase(ADDRESS, asked_by="test").line
    SuppressedAddress.objects.update(erased_at=line.erased_at - timedelta(hours=1))
    AssessmentFactory.create(version=version, ada=True)
    assert addresses_to_erase_again() == []


@pytest.mark.django_db(transaction=True)
def test_no_worker_takes_a_lead_that_is_being_erased(hot_lead: Assessment, elsewhere: Elsewhere) -> None:
    enqueue(hot_lead)
    person = by_address(ADDRESS)

    with transaction.atomic():
        line = SuppressedAddress.objects.suppress(ADDRESS)
        enqueue_erasure(line, address=ADDRESS, assessments=person.keys, contacts={})
        assert elsewhere.do(lambda: SyncQueueItem.objects.claim(10)) == []
