"""What a typed and what a proven address may do, cell by cell."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from pytest_django import DjangoAssertNumQueries

from assessments.lifecycle.address_proof import Act, address_is_proven, is_allowed, prove, shows_details
from assessments.models import AddressProof, Assessment
from assessments.tests.factories import ADA, SessionFactory
from encryption.email_addresses import address_hash
from scorecard.models import QuestionnaireVersion

ADDRESS = ADA["email"]
OWNER = address_hash(ADDRESS)
TABLE = {
    Act.CREATE: ("yes", "yes"),
    Act.FILL: ("yes", "yes"),
    Act.OVERWRITE: ("no", "yes"),
    Act.CONSENT: ("yes", "yes"),
    Act.CONSENT_FOR_ADDRESS: ("no", "yes"),
    Act.MARKETING: ("no", "yes"),
    Act.READ: ("no", "yes"),
    Act.RETURN: ("no", "yes"),
}


@pytest.mark.parametrize("act", Act)
def test_a_typed_address_may_do_no_damage(act: Act) -> None:
    typed, proven = TABLE[act]
    assert is_allowed(act, proven=False) is (typed == "yes")
    assert is_allowed(act, proven=True) is (proven == "yes")


def test_the_document_has_the_same_table() -> None:
    text = (Path(settings.BASE_DIR) / "docs/privacy.md").read_text()
    rows = re.findall(r"^\| (.+?) \| (yes|no) \| (yes|no) \|$", text, re.MULTILINE)
    assert {act: (typed, proven) for act, typed, proven in rows} == {
        act.value: cells for act, cells in TABLE.items()
    }


@pytest.fixture
def typed(hot_lead: Assessment) -> Assessment:
    return hot_lead


@pytest.mark.django_db
class TestProof:
    def test_nothing_is_proven_at_first(self, typed: Assessment) -> None:
        assert not address_is_proven(typed)

    def test_it_is_for_this_assessment_alone(self, typed: Assessment, cold_lead: Assessment) -> None:
        prove([typed], OWNER)
        Assessment.objects.update(email=ADDRESS)
        assert [address_is_proven(each) for each in Assessment.objects.order_by("pk")] == [
            each.pk == typed.pk for each in Assessment.objects.order_by("pk")
        ]

    def test_it_ends_with_another_address(self, typed: Assessment) -> None:
        prove([typed], OWNER)
        typed.email = "else@engines.example"
        assert not address_is_proven(typed)

    def test_once_more_changes_nothing(self, typed: Assessment) -> None:
        prove([typed], OWNER)
        before = AddressProof.objects.values().get()
        prove([typed], OWNER)
        assert AddressProof.objects.values().get() == before

    def test_a_finished_assessment_costs_no_query(
        self, typed: Assessment, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        prove([typed], OWNER)
        found = Assessment.objects.select_related("address_proof").get()
        with django_assert_num_queries(0):
            assert address_is_proven(found)


@pytest.mark.django_db
class TestWhoSeesContactDetails:
    def test_the_browser_that_typed_them(self, version: QuestionnaireVersion) -> None:
        assert shows_details(SessionFactory.create(version=version, **ADA))

    def test_not_that_browser_once_they_are_proven_elsewhere(self, version: QuestionnaireVersion) -> None:
        session = SessionFactory.create(version=version, **ADA)
        prove([session.assessment], OWNER)
        session.assessment.refresh_from_db()
        assert not shows_details(session)

    def test_the_browser_in_which_they_were_proven(self, version: QuestionnaireVersion) -> None:
        session = SessionFactory.create(version=version, **ADA)
        prove([session.assessment], OWNER, session_id=session.pk)
        session.assessment.refresh_from_db()
        assert shows_details(session)

    def test_not_even_that_browser_when_the_address_is_another(self, version: QuestionnaireVersion) -> None:
        session = SessionFactory.create(version=version, **ADA)
        prove([session.assessment], address_hash("else@engines.example"), session_id=session.pk)
        session.assessment.refresh_from_db()
        assert not shows_details(session)
