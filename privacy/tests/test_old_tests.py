"""Tests are recognised, sent nowhere, counted nowhere, and deleted."""

from datetime import timedelta

import pytest
from constance.test import override_config
from django.utils import timezone

from assessments.models import Assessment, Response
from assessments.signals import lead_changed
from assessments.tests.factories import AssessmentFactory
from hubspot_sync.models import SyncQueueItem
from leads.models import LeadWork
from operations.figures import all_figures
from privacy.clearing.old_tests import delete_tests
from scorecard.models import QuestionnaireVersion

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("address", "is_test"),
    [("Sam@OURS.example", True), ("qa@partner.example", True), ("ada@partner.example", False)],
)
def test_an_address_of_ours_makes_a_test(version: QuestionnaireVersion, address: str, is_test: bool) -> None:
    with override_config(TEST_ADDRESSES="*@ours.example qa@partner.example"):
        lead = AssessmentFactory.create(version=version, email=address)
    assert (lead.doubts == ["test"]) is is_test
    assert (lead.hubspot_sync_status == "skipped") is is_test


def test_hubspot_hears_nothing_of_tests(version: QuestionnaireVersion) -> None:
    for doubts in (["test"], []):
        lead = AssessmentFactory.create(version=version, email="a@example.com", doubts=doubts)
        lead_changed.send(sender=Assessment, assessment=lead)
    assert SyncQueueItem.objects.get().assessment.doubts == []


def test_old_ones_are_deleted_with_all_that_hangs_on_them(version: QuestionnaireVersion) -> None:
    days = {"old test": (8, ["test"]), "new test": (6, ["test"]), "old lead": (8, [])}
    for name, (ago, doubts) in days.items():
        lead = AssessmentFactory.create(
            version=version, email="a@example.com", first_name=name, doubts=doubts
        )
        LeadWork.objects.create(assessment=lead)
        Assessment.objects.filter(pk=lead.pk).update(created_at=timezone.now() - timedelta(days=ago))
    before = all_figures(timezone.now())["marked"]
    assert delete_tests() == 1
    assert {lead.first_name for lead in Assessment.objects.all()} == {"new test", "old lead"}
    assert Response.objects.count() == 32
    assert all_figures(timezone.now())["marked"] == before
    assert delete_tests() == 0
