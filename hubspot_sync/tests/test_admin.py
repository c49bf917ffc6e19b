"""The queue as operators and sales people see it."""

import re
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from assessments.models import Assessment
from assessments.tests.factories import AssessmentFactory
from audit.models import SystemLog
from hubspot_sync.models import DifferenceKind, QueueStatus, SyncAttempt, SyncQueueItem
from hubspot_sync.tests.factories import compared_run, failed_item
from scorecard.models import QuestionnaireVersion

pytestmark = pytest.mark.django_db

QUEUE = "/admin/hubspot_sync/syncqueueitem/"


def rows(client: Client, query: str = "") -> list[SyncQueueItem]:
    response = client.get(f"{QUEUE}?{query}")
    assert response.status_code == 200
    return list(response.context["cl"].result_list)


def send_again(client: Client, *items: SyncQueueItem) -> Any:
    selected = {"action": "send_again", "_selected_action": [item.pk for item in items]}
    return client.post(f"{QUEUE}?state=all", selected)


def page_of(client: Client, item: SyncQueueItem) -> str:
    return str(
        client.get(reverse("admin:hubspot_sync_syncqueueitem_change", args=[item.pk])).content.decode()
    )


def said(response: Any) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


@pytest.fixture
def waiting(cold_lead: Assessment) -> SyncQueueItem:
    return SyncQueueItem.objects.create(assessment=cold_lead, sync_type="contact", last_error="throttled")


@pytest.fixture
def failed(hot_lead: Assessment) -> SyncQueueItem:
    return failed_item(hot_lead)


def test_the_list_opens_on_what_needs_a_person(
    sales: Client, failed: SyncQueueItem, waiting: SyncQueueItem
) -> None:
    assert rows(sales) == [failed]


@pytest.mark.parametrize(("state", "count"), [("open", 2), ("done", 1), ("all", 3), ("person", 1)])
def test_another_state_can_be_chosen(
    sales: Client, failed: SyncQueueItem, waiting: SyncQueueItem, state: str, count: int
) -> None:
    SyncQueueItem.objects.create(
        assessment=failed.assessment, sync_type="contact", status=QueueStatus.CANCELLED
    )
    assert len(rows(sales, f"state={state}")) == count


def test_a_state_is_told_in_words_with_a_colour_and_without(sales: Client, failed: SyncQueueItem) -> None:
    for status in (QueueStatus.FAILED, QueueStatus.CANCELLED):
        SyncQueueItem.objects.filter(pk=failed.pk).update(status=status)
        page = sales.get(f"{QUEUE}?state=all").content.decode()
        shown = re.findall(r'class="field-state.*?<span[^>]*>\s*([^<]+?)\s*</span>', page, re.DOTALL)
        assert shown == [status.label]


def test_a_row_says_what_happened_and_what_to_do(sales: Client, failed: SyncQueueItem) -> None:
    page = sales.get(QUEUE).content.decode()
    for words in (
        "Ada Lovelace",
        "does not accept the e-mail address",
        "Ask the person for another",
        "5 of 5",
    ):
        assert words in page


def test_an_operator_sends_the_selected_leads_again(
    operator: Client, failed: SyncQueueItem, waiting: SyncQueueItem
) -> None:
    response = send_again(operator, failed, waiting)
    assert said(response) == ["2 leads will be sent again now."]
    failed.refresh_from_db()
    assert (failed.status, failed.retry_count, failed.revision) == (QueueStatus.WAITING, 0, 2)


def test_a_lead_with_two_selected_rows_is_sent_once(operator: Client, failed: SyncQueueItem) -> None:
    done = SyncQueueItem.objects.create(assessment=failed.assessment, sync_type="contact", status="done")
    assert said(send_again(operator, failed, done)) == ["1 lead will be sent again now."]


def test_a_scrubbed_lead_is_not_sent_and_the_operator_is_told(
    operator: Client, erased_lead: Assessment
) -> None:
    item = failed_item(erased_lead)
    assert said(send_again(operator, item)) == [
        "1 lead could not be sent again: the personal data was scrubbed."
    ]
    assert "There is nothing left to send." in page_of(operator, item)
    assert "Send again" not in page_of(operator, item)


def test_the_button_on_the_page_sends_its_own_row_again(operator: Client, failed: SyncQueueItem) -> None:
    page = page_of(operator, failed)
    assert f'name="_selected_action" value="{failed.pk}"' in page
    assert f'action="{QUEUE}?state=all"' in page


def test_sales_see_the_queue_and_cannot_send(sales: Client, failed: SyncQueueItem) -> None:
    send_again(sales, failed)
    failed.refresh_from_db()
    assert failed.status == QueueStatus.FAILED
    assert "Send again" not in page_of(sales, failed) + sales.get(QUEUE).content.decode()


def test_sending_again_leaves_a_trace_that_names_nobody(operator: Client, failed: SyncQueueItem) -> None:
    send_again(operator, failed)
    history = operator.get(reverse("admin:hubspot_sync_syncqueueitem_history", args=[failed.pk]))
    assert "Sent again." in history.content.decode()
    assert "Lovelace" not in history.content.decode()


def test_the_trace_is_read_in_german_and_stored_in_english(operator: Client, failed: SyncQueueItem) -> None:
    send_again(operator, failed)
    url = reverse("admin:hubspot_sync_syncqueueitem_history", args=[failed.pk])
    history = operator.get(url, headers={"accept-language": "de"})
    assert "Noch einmal gesendet." in history.content.decode()
    assert LogEntry.objects.get().change_message == "Sent again."


def test_not_even_an_admin_edits_or_deletes_a_row(admin_client: Client, failed: SyncQueueItem) -> None:
    change = reverse("admin:hubspot_sync_syncqueueitem_change", args=[failed.pk])
    assert admin_client.post(change, {"status": "done"}).status_code == 403
    assert admin_client.post(change.replace("change", "delete"), {"post": "yes"}).status_code == 403


def test_a_page_tells_what_became_of_the_lead_newest_first(sales: Client, failed: SyncQueueItem) -> None:
    lead = failed.assessment
    SyncAttempt.objects.create(assessment=lead, revision=1, outcome="postponed", cause="http_503")
    SyncAttempt.objects.create(
        assessment=lead, revision=1, outcome="given_up", cause="invalid_email", correlation_id="a1b2-c3"
    )
    table = page_of(sales, failed).partition("newest first")[2]
    words = ["Needs a person", "does not accept the e-mail", "a1b2-c3", "could not answer", "(503)"]
    assert sorted(words, key=table.index) == words


def test_a_page_names_the_traces_where_there_are_any(sales: Client, failed: SyncQueueItem) -> None:
    SyncAttempt.objects.create(assessment=failed.assessment, revision=1, outcome="delivered")
    assert ">Trace<" not in page_of(sales, failed)
    SyncAttempt.objects.update(trace_id="0af7651916cd43dd8448eb211c80319c")
    assert "0af7651916cd43dd8448eb211c80319c" in page_of(sales, failed)


def test_a_page_links_to_the_records_in_hubspot(
    sales: Client, failed: SyncQueueItem, settings: Settings
) -> None:
    settings.HUBSPOT_PORTAL_URL = "https://app.hubspot.example/contacts/7"
    assert "in HubSpot</a>" not in page_of(sales, failed)
    Assessment.objects.update(hubspot_contact_id="501", hubspot_deal_id="601")
    page = page_of(sales, failed)
    for record in ("0-1/501", "0-3/601"):
        assert f'href="https://app.hubspot.example/contacts/7/record/{record}"' in page


@pytest.mark.parametrize("count", [1, 30])
def test_the_page_of_a_row_takes_a_fixed_number_of_queries(
    operator: Client, failed: SyncQueueItem, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(count):
        SyncAttempt.objects.create(assessment=failed.assessment, revision=1, outcome="delivered")
    page_of(operator, failed)
    with django_assert_num_queries(7):
        page_of(operator, failed)


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_takes_a_fixed_number_of_queries(
    operator: Client,
    version: QuestionnaireVersion,
    count: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(count):
        lead = AssessmentFactory.create(version=version, email=f"{number}@example.com")
        failed_item(lead, cause=f"cause_{number}")
        compared_run(DifferenceKind.CONTACT_GONE, lead=lead)
    rows(operator)
    with django_assert_num_queries(10):
        rows(operator)


def found(client: Client, words: str) -> int:
    return len(rows(client, f"state=all&q={words}"))


def test_a_search_for_people_is_recorded_without_its_words(sales: Client, failed: SyncQueueItem) -> None:
    assert found(sales, "Lovelace") == 1
    log = SystemLog.objects.get(event_type="leads_searched")
    assert "Lovelace" not in f"{log.message} {log.data}"


def test_who_sees_masked_leads_cannot_ask_for_one(operator: Client, failed: SyncQueueItem) -> None:
    assert found(operator, "Lovelace") == 0
    assert not SystemLog.objects.exists()


def test_who_views_the_names_of_the_queue_is_recorded(
    sales: Client, operator: Client, failed: SyncQueueItem
) -> None:
    for client in (operator, sales, sales):
        client.get(QUEUE)
    assert SystemLog.objects.filter(event_type="leads_viewed").count() == 1
