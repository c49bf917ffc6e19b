"""Exports while others are at work: a worker that is killed, one that comes back too late, an erasure."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.tests.people import logged_in, member
from assessments.models import Assessment
from exports.batches import batches, plan
from exports.leads import LeadExport
from exports.models import Export, ExportBatch, ExportChunk
from exports.pages import order
from exports.storing import LeaseLost, store, store_chunk, stored_parts
from exports.writing import write_next
from queues.leased_row import MAX_CLAIMS
from tests.elsewhere import Elsewhere

pytestmark = pytest.mark.django_db(transaction=True)

# A worker that stands still once it has stored the first part of its file.
STALLED = """
import sys, time
import django
from django.conf import settings
django.setup()
settings.DATABASES["default"]["NAME"] = sys.argv[1]
from django.db import connections
connections.settings["default"]["NAME"] = sys.argv[1]
from exports import storing, writing
storing.CHUNK = 100
first = storing.store_chunk
def and_stand_still(*args):
    first(*args)
    time.sleep(600)
storing.store_chunk = and_stand_still
writing.write_next()
"""
SECONDS = 60


@pytest.fixture
def lea(db: None) -> User:
    return member("Sales lead")


@pytest.fixture
def export(lea: User, hot_lead: Assessment) -> Export:
    return order(lea, "leads", "tab=all", "csv", contacts=True)


def its_lease_runs_out(export: Export) -> None:
    Export.objects.filter(pk=export.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


def wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS
    while not holds():
        assert time.monotonic() < deadline


@pytest.fixture
def stalled_worker(export: Export) -> Iterator[subprocess.Popen[bytes]]:
    name = str(connection.settings_dict["NAME"])
    worker = subprocess.Popen([sys.executable, "-c", STALLED, name], cwd=settings.BASE_DIR)
    try:
        wait_until(lambda: ExportChunk.objects.exists() or worker.poll() is not None)
        yield worker
    finally:
        worker.kill()
        worker.wait()


@pytest.mark.processes
def test_an_export_whose_worker_was_killed_is_offered_by_nobody_and_written_anew(
    export: Export, lea: User, stalled_worker: subprocess.Popen[bytes]
) -> None:
    os.kill(stalled_worker.pid, signal.SIGKILL)
    stalled_worker.wait()
    assert ExportChunk.objects.count() == 1
    browser = logged_in(lea)
    url = reverse("admin:exports_export_download", args=[export.pk])
    assert browser.get(url).status_code == 404
    assert url not in browser.get(reverse("admin:exports_export_changelist")).content.decode()
    assert not write_next()  # it still has the lease
    its_lease_runs_out(export)
    assert write_next()
    response: Any = browser.get(url)
    content = b"".join(response.streaming_content)
    assert content.count(b"\r\n") == 2
    assert len(content) == int(response["Content-Length"])


def test_an_export_that_kills_every_worker_is_told_as_failed(export: Export, lea: User) -> None:
    for _ in range(MAX_CLAIMS):
        assert Export.objects.claim()
        its_lease_runs_out(export)
    assert write_next()
    assert Export.objects.get().failure_cause == "worker_died"
    page = logged_in(lea).get(reverse("admin:exports_export_changelist")).content.decode()
    assert "The worker died five times during this export." in page


def test_a_worker_that_comes_back_too_late_takes_nothing_of_the_file_of_its_successor(
    export: Export, lea: User
) -> None:
    late = Export.objects.claim()
    assert late
    its_lease_runs_out(export)
    successor = Export.objects.claim()
    assert successor
    plan(successor, LeadExport(successor).leads)
    store_chunk(successor, 0, b"begin of the file", 0)
    with pytest.raises(LeaseLost):
        plan(late, LeadExport(late).leads)
    with pytest.raises(LeaseLost):
        store(late, [b"late"], lambda: 0)
    assert len(list(batches(successor))) == 1
    assert b"".join(stored_parts(successor)) == b"begin of the file"


def test_no_part_of_a_file_is_left_of_an_erasure_while_it_is_being_written(
    export: Export, elsewhere: Elsewhere
) -> None:
    """A part that is stored at this moment is either deleted with the others, or not stored."""
    claimed = Export.objects.claim()
    assert claimed

    with transaction.atomic():
        store_chunk(claimed, 0, b"ada@engines.example", 1)
        withdrawn = elsewhere.waits(Export.objects.withdraw_leads)
    assert withdrawn.result() == 1
    assert not ExportChunk.objects.exists()
    with pytest.raises(LeaseLost):
        store_chunk(claimed, 1, b"ada@engines.example", 2)
    assert not ExportBatch.objects.exists()
