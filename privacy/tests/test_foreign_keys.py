"""One row in every table that refers to an assessment, a session or a user: nothing stands in the way."""

from collections.abc import Callable, Iterator
from io import StringIO
from typing import Any

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.db.models.functions import Now

from assessments.lifecycle.address_proof import prove
from assessments.lifecycle.invitations import invite
from assessments.models import (
    Assessment,
    AssessmentLink,
    Invitation,
    InvitedAssessment,
    LinkPurpose,
    PrivacyLink,
    Response,
    Upload,
)
from assessments.tests.factories import ADA, SessionFactory
from audit.models import SystemLog
from encryption.email_addresses import address_hash
from hubspot_sync.delivery.enqueue import enqueue
from hubspot_sync.models import Difference, QueueStatus, Reconciliation, SyncAttempt, SyncQueueItem
from leads.models import LeadEvent, LeadNote, LeadWork
from mailings.models import Mail, MailKind
from privacy.clearing.foreign_keys import foreign_keys, references_to
from privacy.clearing.purge import delete_statement, purge
from privacy.clearing.scrub import scrub
from privacy.requests.erasure import erase
from privacy.tests.test_purge import age
from webhooks.delivery import enqueue_new
from webhooks.models import Webhook, WebhookCall

pytestmark = pytest.mark.django_db

ADDRESS = ADA["email"]


def make_link(assessment: Assessment) -> AssessmentLink:
    return AssessmentLink.objects.make(assessment, LinkPurpose.RESUME, expires_at=Now(), address=ADDRESS)


def make_mail(assessment: Assessment) -> Mail:
    return Mail.objects.create(kind=MailKind.RESUME, assessment=assessment, link=make_link(assessment))


def make_upload(assessment: Assessment) -> Upload:
    return Upload.objects.create(
        assessment=assessment,
        question_key="plan",
        name="plan.pdf",
        kind="pdf",
        media_type="application/pdf",
        size=1,
        stored_name="0",
        content_key="0",
        is_scanned=False,
    )


def make_difference(assessment: Assessment) -> Difference:
    found = Reconciliation.objects.create(step="contacts")
    return Difference.objects.create(reconciliation=found, assessment=assessment, kind="not_sent")


def make_webhook_call(assessment: Assessment) -> WebhookCall:
    webhook = Webhook.objects.create(name="Ours", url="https://hooks.example", secret="key")
    return WebhookCall.objects.create(webhook=webhook, assessment=assessment)


def make_invited(assessment: Assessment) -> InvitedAssessment:
    """The assessment has asked itself, which needs no second one."""
    invitation = Invitation.objects.get(assessment=assessment)
    return InvitedAssessment.objects.create(assessment=assessment, invitation=invitation)


# How to make a row of each table that refers to assessments, straight or by way of another table.
MAKE: dict[str, Callable[[Assessment], Any]] = {
    "responses": lambda assessment: Response.objects.filter(assessment=assessment).first(),
    "assessment_sessions": lambda assessment: SessionFactory.create(assessment=assessment, total_steps=4),
    "address_proofs": lambda assessment: prove([assessment], address_hash(ADDRESS)),
    "run_links": make_link,
    "invitations": invite,
    "invited_assessments": make_invited,
    "uploads": make_upload,
    "mail_queue": make_mail,
    "privacy_links": lambda assessment: PrivacyLink.objects.make(assessment, address=ADDRESS),
    "hubspot_sync_queue": enqueue,
    "hubspot_sync_attempts": lambda assessment: SyncAttempt.objects.create(
        assessment=assessment, revision=1, outcome="delivered"
    ),
    "hubspot_differences": make_difference,
    "lead_work": lambda assessment: LeadWork.objects.create(assessment=assessment),
    "lead_notes": lambda assessment: LeadNote.objects.create(assessment=assessment, text="Called twice"),
    "lead_events": lambda assessment: LeadEvent.objects.create(assessment=assessment, kind="viewed"),
    "webhook_calls": make_webhook_call,
}


@pytest.fixture
def referred_to(hot_lead: Assessment) -> Assessment:
    for make in MAKE.values():
        make(hot_lead)
    SyncQueueItem.objects.update(status=QueueStatus.DONE)
    return hot_lead


def rows(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT count(*) FROM "{table}"')  # a name of the catalogue
        return int(cursor.fetchone()[0])


def test_this_test_makes_a_row_in_each_of_them(referred_to: Assessment) -> None:
    tables = {key.table for key in references_to("assessments")}
    assert tables == MAKE.keys()
    assert [table for table in tables if not rows(table)] == []


def test_a_purge_deletes_them_all(referred_to: Assessment) -> None:
    age(400)
    assert purge(365).assessments == 1
    assert {table: rows(table) for table in MAKE} == dict.fromkeys(MAKE, 0)


def test_a_scrub_goes_through(referred_to: Assessment) -> None:
    age(400)
    scrub(thorough=True)
    assert Assessment.objects.get().email is None
    assert rows("address_proofs") == rows("run_links") == 0


def test_an_erasure_goes_through(referred_to: Assessment) -> None:
    erase(ADDRESS, asked_by="test")
    assert Assessment.objects.get().email is None
    assert rows("address_proofs") == rows("run_links") == 0


def test_an_erasure_reaches_what_sales_wrote_and_what_is_still_to_be_told(
    referred_to: Assessment, cold_lead: Assessment
) -> None:
    LeadNote.objects.create(assessment=cold_lead, text="Another person")
    erase(ADDRESS, asked_by="test")
    assert list(LeadNote.objects.values_list("assessment", flat=True)) == [cold_lead.pk]
    assert rows("lead_events") == rows("webhook_calls") == 0
    assert enqueue_new() == 0


@pytest.fixture
def new_process() -> Iterator[None]:
    """What was read of the catalogue is read again, here and after the test."""
    for cached in (references_to, delete_statement):
        cached.cache_clear()
    yield
    for cached in (references_to, delete_statement):
        cached.cache_clear()


def test_a_table_without_a_model_is_purged_as_well(hot_lead: Assessment, new_process: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE of_an_app_to_come (assessment_id uuid NOT NULL REFERENCES assessments)")
        cursor.execute("INSERT INTO of_an_app_to_come SELECT id FROM assessments")
    age(400)
    assert purge(365).assessments == 1


def test_a_purge_that_fails_says_so_in_one_line_and_in_its_record(
    hot_lead: Assessment, new_process: None
) -> None:
    delete_statement(include_undelivered=False)  # before that table came
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE hidden (assessment_id uuid REFERENCES assessments)")
        cursor.execute("INSERT INTO hidden SELECT id FROM assessments")
    age(400)
    with pytest.raises(CommandError, match="database stopped the purge"):
        call_command("purge_assessments", older_than_days=365, yes=True, stdout=StringIO())
    record = SystemLog.objects.get(event_type="purge")
    assert record.message == (
        "Purge of assessments older than 365 days: failed (IntegrityError, SQLSTATE 23503)"
    )
    assert record.data["deleted_assessments"] == 0
    assert record.data["asked_by"] == "command"


def test_what_refers_to_a_user_lets_them_be_deleted(django_user_model: Any) -> None:
    """All keys to users say what becomes of their row; none blocks."""
    user = django_user_model.objects.create_user("leaving@staff.example", "a long password")
    LogEntry.objects.create(
        user=user, content_type=ContentType.objects.get_for_model(Assessment), action_flag=CHANGE
    )
    assert {key.table for key in foreign_keys() if key.parent == "users"} >= {"django_admin_log"}
    user.delete()
    assert not LogEntry.objects.exists()
