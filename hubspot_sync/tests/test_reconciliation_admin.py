"""The comparisons as operators see them."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from assessments.models import Assessment
from hubspot_sync.models import Difference, DifferenceKind, Reconciliation
from hubspot_sync.tests.factories import compared_run

pytestmark = pytest.mark.django_db

RUNS = "/admin/hubspot_sync/reconciliation/"


@pytest.fixture(autouse=True)
def portal(settings: Settings) -> None:
    settings.HUBSPOT_PORTAL_URL = "https://app.hubspot.example/contacts/7"


def page_of(client: Client, run: Reconciliation) -> str:
    response = client.get(f"{RUNS}{run.pk}/change/")
    assert response.status_code == 200
    return str(response.content.decode())


def test_a_run_is_a_sentence(operator: Client, hot_lead: Assessment) -> None:
    compared_run(DifferenceKind.CONTACT_GONE, DifferenceKind.DEAL_GONE, lead=hot_lead)
    assert (
        "412 leads here, 410 there, 1 differs: 0 put right, 1 for a person"
        in operator.get(RUNS).content.decode()
    )


def test_a_run_that_is_not_finished_says_how_far_it_is(operator: Client) -> None:
    Reconciliation.objects.create(step="deals")
    assert "Under way: their deals" in operator.get(RUNS).content.decode()


def test_what_a_person_must_decide_is_linked(operator: Client, hot_lead: Assessment) -> None:
    page = page_of(operator, compared_run(DifferenceKind.CONTACT_DOUBLED, lead=hot_lead))
    assert "Merge the two contacts in HubSpot" in page
    assert f'href="/admin/leads/lead/{hot_lead.pk}/change/"' in page
    assert 'href="https://app.hubspot.example/contacts/7/record/0-1/501"' in page


def test_a_record_that_is_gone_is_no_link_and_a_deal_is_linked_as_one(operator: Client) -> None:
    page = page_of(operator, compared_run(DifferenceKind.CONTACT_GONE, DifferenceKind.DEAL_UNKNOWN))
    assert "record/0-3/501" in page
    assert "record/0-1/501" not in page


def test_what_was_put_right_is_not_listed(operator: Client) -> None:
    run = compared_run(DifferenceKind.NOT_LINKED)
    Difference.objects.update(put_right=True)
    assert "Deal without its contact" not in page_of(operator, run)


def test_sales_people_do_not_see_comparisons(sales: Client) -> None:
    run = compared_run()
    assert {sales.get(path).status_code for path in (RUNS, f"{RUNS}{run.pk}/change/")} == {403}


@pytest.mark.parametrize("count", [1, 30])
def test_list_and_page_take_a_fixed_number_of_queries(
    operator: Client, hot_lead: Assessment, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    runs = [compared_run(*[DifferenceKind.CONTACT_GONE] * count, lead=hot_lead) for _ in range(count)]
    page_of(operator, runs[0])
    with django_assert_num_queries(7):
        operator.get(RUNS)
    with django_assert_num_queries(7):
        page_of(operator, runs[0])
