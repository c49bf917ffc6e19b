"""A key from the result page under two connections: none is given out past a correction or a proof."""

from collections.abc import Callable

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from assessments.lifecycle.address_proof import hide_details, prove
from assessments.models import Assessment, PrivacyLink
from assessments.tests.browsing import finish
from encryption.email_addresses import address_hash
from scorecard.definition import Definition
from tests.elsewhere import Elsewhere

pytestmark = pytest.mark.django_db(transaction=True)

ADDRESS = "ada@engines.example"


def its_holder_proves_it(assessment: Assessment) -> None:
    prove([assessment], address_hash(ADDRESS), session_id="another browser")


@pytest.mark.parametrize("change", [hide_details, its_holder_proves_it])
def test_a_key_asked_for_during_a_change_is_not_given(
    client: Client, definition: Definition, change: Callable[[Assessment], None], elsewhere: Elsewhere
) -> None:
    assessment = finish(client, definition, "D", email=ADDRESS)
    if change is its_holder_proves_it:  # again, elsewhere: no row is new
        prove([assessment], address_hash(ADDRESS), session_id=assessment.session_id)
    ask = reverse("privacy:from_result", args=[assessment.pk])
    with transaction.atomic():
        change(assessment)
        answer = elsewhere.waits(lambda: client.post(ask))
    assert answer.result(20)["Location"] == reverse("privacy:page")
    assert not PrivacyLink.objects.filter(revoked_at=None).exists()
