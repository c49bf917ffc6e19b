"""An e-mail address is one address, however it is written."""

from assessments.models import Assessment, AssessmentSession
from assessments.tests.factories import SessionFactory
from scorecard.models import QuestionnaireVersion


def test_a_run_is_found_by_its_address_however_it_is_written(
    hot_lead: Assessment, cold_lead: Assessment
) -> None:
    assert list(Assessment.objects.of_address(" Ada@Engines.EXAMPLE")) == [hot_lead]


def test_several_addresses_are_asked_for_at_once(hot_lead: Assessment, cold_lead: Assessment) -> None:
    found = Assessment.objects.of_address("ada@engines.example", "grace@compilers.example")
    assert set(found) == {hot_lead, cold_lead}


def test_nobody_is_found_by_an_address_that_nobody_left(erased_lead: Assessment) -> None:
    assert not Assessment.objects.of_address("ada@engines.example", "").exists()


def test_an_open_run_is_found_as_well(version: QuestionnaireVersion) -> None:
    session = SessionFactory.create(version=version, email="ada@engines.example")
    assert list(AssessmentSession.objects.of_address("ADA@engines.example")) == [session]
