"""A key from the result page under two connections: none is given out past a correction or a proof."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.test import Client
from django.urls import reverse

from assessments.lifecycle.address_proof import hide_details, prove
from assessments.models import Assessment, PrivacyLink
from assessments.tests.browsing import finish
from encryption.email_addresses import address_hash
from scorecard.definition import Definition

pytestmark = pytest.mark.django_db(transaction=True)

ADDRESS = "ada@engines.example"
WAITING = "SELECT 1 FROM pg_locks WHERE locktype = 'transactionid' AND NOT granted"


def its_holder_proves_it(assessment: Assessment) -> None:
    prove([assessment], address_hash(ADDRESS), session_id="another browser")


@pytest.mark.parametrize("change", [hide_details, its_holder_proves_it])
def test_a_key_asked_for_during_a_change_is_not_given(
    client: Client, definition: Definition, change: Callable[[Assessment], None]
) -> None:
    assessment = finish(client, definition, "D", email=ADDRESS)
    if change is its_holder_proves_it:  # again, elsewhere: no row is new
        prove([assessment], address_hash(ADDRESS), session_id=assessment.session_id)
    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        change(assessment)
        answer = pool.submit(asked_for, client, assessment)
        await_waiting()
    assert answer.result(20)["Location"] == reverse("privacy:page")
    assert not PrivacyLink.objects.filter(revoked_at=None).exists()


def asked_for(client: Client, assessment: Assessment) -> Any:
    try:
        return client.post(reverse("privacy:from_result", args=[assessment.pk]))
    finally:
        connections.close_all()


def await_waiting() -> None:
    deadline = time.monotonic() + 4
    with connection.cursor() as cursor:
        while not cursor.execute(WAITING).fetchone():
            assert time.monotonic() < deadline, "nobody waits"
