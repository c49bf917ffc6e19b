"""What a scrub cleared is written down for ever, batch by batch, and chained."""

from datetime import timedelta
from typing import Any, NoReturn

import pytest
from django.db import OperationalError, ProgrammingError, transaction
from django.utils import timezone

from assessments.models import Assessment
from assessments.tests.factories import ADA, AssessmentFactory
from privacy.clearing import due
from privacy.clearing.batches import Clearing
from privacy.clearing.scrub import scrub
from privacy.datamap.processing_register import map_version
from privacy.models import ScrubCertificate
from privacy.models.certificate import FIRST
from scorecard.models import QuestionnaireVersion
from tests.tokens import without_tokens

pytestmark = pytest.mark.django_db


def age(days: float) -> None:
    Assessment.objects.update(created_at=timezone.now() - timedelta(days=days))


def certificate() -> ScrubCertificate:
    return ScrubCertificate.objects.sealed().get()


def test_a_certificate_counts_the_values_of_each_column(version: QuestionnaireVersion) -> None:
    AssessmentFactory.create(version=version, email="a@b.example")
    AssessmentFactory.create(version=version, email="c@d.example", phone="1")
    age(31)
    scrub()
    assert certificate().counts == {"assessments": {"rows": 2, "email": 2, "phone": 1}}


def test_it_says_when_with_which_map_and_up_to_when(hot_lead: Assessment) -> None:
    scrub()
    found = certificate()
    assert (found.number, found.complete, found.map_version) == (1, True, map_version())
    assert set(found.cutoffs) >= {"EMAIL_RETENTION_DAYS", "LOGIN_RETENTION_DAYS"}
    assert found.duration >= timedelta(0)


def test_it_holds_no_value(hot_lead: Assessment) -> None:
    age(31)
    scrub()
    row = without_tokens(str(ScrubCertificate.objects.values().get()))
    assert not [value for value in ADA.values() if value in row]


def test_each_holds_the_hash_of_the_one_before(hot_lead: Assessment) -> None:
    for _ in range(3):
        scrub()
    first, second, third = ScrubCertificate.objects.sealed()
    assert (first.previous, second.previous, third.previous) == (FIRST, first.hash, second.hash)
    assert [each.hash for each in (first, second, third)] == [e.digest() for e in (first, second, third)]


@pytest.mark.parametrize("field", ["complete", "counts", "unconfirmed", "map_version", "cutoffs"])
def test_every_word_of_it_is_in_its_hash(field: str) -> None:
    scrub()
    found = certificate()
    setattr(found, field, "changed")
    assert found.digest() != found.hash


def test_a_sealed_one_can_be_neither_changed_nor_deleted() -> None:
    scrub()
    with pytest.raises(ProgrammingError, match="Cannot update"), transaction.atomic():
        ScrubCertificate.objects.update(unconfirmed=0)
    with pytest.raises(ProgrammingError, match="Cannot delete"), transaction.atomic():
        ScrubCertificate.objects.all().delete()


def test_a_lead_that_hubspot_never_had_is_marked_and_counted(
    hot_lead: Assessment, cold_lead: Assessment, caplog: pytest.LogCaptureFixture
) -> None:
    Assessment.objects.filter(pk=cold_lead.pk).update(hubspot_sync_status="synced")
    age(31)
    scrub()
    assert Assessment.objects.get(scrubbed_unconfirmed=True) == hot_lead
    assert certificate().unconfirmed == 1
    assert caplog.messages == ["1 leads were scrubbed before HubSpot had them"]


# A run that does not reach its end


class Killed(BaseException):
    pass


def test_what_a_killed_run_had_cleared_is_sealed_by_the_next(
    version: QuestionnaireVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(due, "BATCH", 50)
    monkeypatch.setattr("privacy.clearing.batches.MOST", 50)
    monkeypatch.setattr("privacy.clearing.batches.LEAST", 50)
    AssessmentFactory.create_batch(60, version=version, ada=True)
    age(31)

    def die(rows: int) -> NoReturn:
        raise Killed

    with pytest.raises(Killed):
        scrub(die)
    assert not ScrubCertificate.objects.sealed().exists()
    ScrubCertificate.objects.update(touched_at=timezone.now() - timedelta(minutes=11))
    scrub()
    first, second = ScrubCertificate.objects.sealed()
    assert (first.complete, first.counts["assessments"]["email"]) == (False, 50)
    assert (second.complete, second.counts["assessments"]["email"]) == (True, 10)


def test_a_batch_that_is_rolled_back_is_not_certified(
    hot_lead: Assessment, monkeypatch: pytest.MonkeyPatch
) -> None:
    age(31)

    def fail(*_: Any) -> NoReturn:
        raise OperationalError("the server is gone")

    monkeypatch.setattr(ScrubCertificate, "add", fail)
    scrub()
    assert (certificate().counts, certificate().complete) == ({}, False)


def test_a_table_that_cannot_be_cleared_keeps_no_other_from_it(
    hot_lead: Assessment, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = Clearing.run

    def fail_first(self: Clearing, *rest: Any) -> int:
        if self.name == "assessments":
            raise OperationalError("the server is gone")
        return run(self, *rest)

    monkeypatch.setattr(Clearing, "run", fail_first)
    Assessment.objects.update(hubspot_contact_id="51")
    age(31)
    assert {each.table for each in scrub()} > {"assessments", "hubspot_sync_queue"}
    assert not certificate().complete


def test_a_run_whose_time_is_up_stops_in_good_order(hot_lead: Assessment) -> None:
    age(31)
    assert sum(each.rows for each in scrub(seconds=0)) == 0
    assert not certificate().complete
    scrub(seconds=45)
    assert [each.complete for each in ScrubCertificate.objects.sealed()] == [False, True]
