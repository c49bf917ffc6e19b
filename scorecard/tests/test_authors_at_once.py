"""Authors who publish, plan, restore and discard at once, each over a connection of their own."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.tests.people import logged_in, member
from audit.models import SystemLog
from scorecard.content.drafts import draft_document
from scorecard.editing import lifecycle
from scorecard.editing.changes import ChangedMeanwhile, definition_of
from scorecard.editing.parts import hash_of
from scorecard.models import Questionnaire, ScheduledPublication
from scorecard.publishing import publish
from scorecard.tests.factories import publishable_draft
from scorecard.tests.test_editor_pages import save, url

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE = 10  # seconds until all wait for the lock


@pytest.fixture
def author() -> User:
    return User.objects.create_user("author@example.com")


@pytest.fixture
def editor() -> Client:
    return logged_in(member("Content editor"))


def at_once(*acts: Callable[[], Any], waiting_for: int | None = None) -> list[Any]:
    """What comes of acts that wait for the same draft, all or so many of them, and then go on together."""

    def over_its_own_connection(act: Callable[[], Any]) -> Any:
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as people:
        with transaction.atomic():
            Questionnaire.objects.select_for_update().get()
            begun = [people.submit(over_its_own_connection, act) for act in acts]
            deadline = time.monotonic() + PATIENCE
            while waiting() < (waiting_for or len(acts)):
                assert time.monotonic() < deadline
        return [each.result() for each in begun]


def waiting() -> int:
    """How many connections wait for a lock that another one holds."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE cardinality(pg_blocking_pids(pid)) > 0")
        return int(cursor.fetchone()[0])


def logged(event: str) -> int:
    return SystemLog.objects.filter(event_type=f"questionnaire_{event}").count()


def changed() -> str:
    """Somebody changes the draft; the hash of what it was before."""
    draft = Questionnaire.objects.get()
    before = hash_of(draft_document(draft))
    Questionnaire.objects.update(name="Half done")
    return before


def test_two_who_publish_one_draft_publish_it_once_and_the_log_says_so(author: User) -> None:
    draft = publishable_draft()
    publish(draft)
    Questionnaire.objects.update(name="Second")
    found = at_once(*[lambda: lifecycle.publish_draft(draft, "Mine.", by=author)] * 2)
    assert [version.number for version, _ in found] == [2, 2]
    assert sorted(is_new for _, is_new in found) == [False, True]
    assert logged("published") == 1


def test_two_who_restore_one_version_restore_it_once(author: User) -> None:
    draft = publishable_draft()
    first = publish(draft)
    Questionnaire.objects.update(name="Second")
    publish(draft)
    found = at_once(*[lambda: lifecycle.restore(first, by=author)] * 2)
    assert [version.number for version in found] == [3, 3]
    assert logged("published") == 1


def test_who_restores_while_another_publishes_gets_a_version_of_their_own(author: User) -> None:
    draft = publishable_draft()
    first = publish(draft)
    Questionnaire.objects.update(name="Second")
    publish(draft)
    Questionnaire.objects.update(name="Third")
    restored, (published, _) = at_once(
        lambda: lifecycle.restore(first, by=author),
        lambda: lifecycle.publish_draft(draft, "", by=author),
    )
    assert {restored.number, published.number} == {3, 4}
    assert (restored.definition, published.definition["name"]) == (first.definition, "Third")


def test_a_plan_that_comes_due_while_its_draft_is_published_makes_no_second_version(author: User) -> None:
    draft = publishable_draft()
    lifecycle.schedule(draft, timezone.now() + timedelta(hours=1), "", by=author)
    ScheduledPublication.objects.update(publish_at=timezone.now() - timedelta(minutes=1))
    at_once(lifecycle.publish_due, lambda: lifecycle.publish_draft(draft, "", by=author))
    assert [version.number for version in draft.versions.all()] == [1]
    assert (ScheduledPublication.objects.get().status, logged("published")) == ("published", 1)


def test_two_workers_carry_out_a_plan_once(author: User) -> None:
    draft = publishable_draft()
    lifecycle.schedule(draft, timezone.now() + timedelta(hours=1), "", by=author)
    ScheduledPublication.objects.update(publish_at=timezone.now() - timedelta(minutes=1))
    at_once(lifecycle.publish_due, lifecycle.publish_due)
    assert (draft.versions.count(), logged("published")) == (1, 1)


def test_a_plan_is_cancelled_or_carried_out_and_never_both(author: User) -> None:
    draft = publishable_draft()
    lifecycle.schedule(draft, timezone.now() + timedelta(hours=1), "", by=author)
    ScheduledPublication.objects.update(publish_at=timezone.now() - timedelta(minutes=1))
    _, again = at_once(
        lifecycle.publish_due,
        lambda: lifecycle.schedule(draft, timezone.now() + timedelta(hours=1), "Later.", by=author),
    )
    first = ScheduledPublication.objects.exclude(pk=again.pk).get()
    assert (first.status == "published") is (draft.versions.count() == 1)
    assert first.status in ("published", "cancelled")


def test_who_starts_while_versions_are_published_gets_a_whole_one(author: User) -> None:
    draft = publishable_draft()
    publish(draft)
    begun = 10

    def author_publishes() -> None:
        for number in range(begun):
            Questionnaire.objects.update(name=f"Version {number}")
            lifecycle.publish_draft(draft, "", by=author)

    def visitor_starts() -> list[int]:
        return [Client().post("/sample/start/", follow=True).status_code for _ in range(begun)]

    _, pages = at_once(author_publishes, visitor_starts, waiting_for=1)
    assert pages == [200] * begun
    assert draft.versions.count() == begun + 1


@pytest.mark.parametrize("act", ["publish", "schedule", "reset"])
def test_nothing_is_done_with_a_draft_that_the_author_did_not_see(author: User, act: str) -> None:
    draft = publishable_draft()
    first = publish(draft)
    seen = changed()
    acts: dict[str, Callable[[], Any]] = {
        "publish": lambda: lifecycle.publish_draft(draft, "", by=author, seen=seen),
        "schedule": lambda: lifecycle.schedule(draft, timezone.now(), "", by=author, seen=seen),
        "reset": lambda: lifecycle.reset_draft(first, by=author, seen=seen),
    }
    with pytest.raises(ChangedMeanwhile):
        acts[act]()
    assert (draft.versions.count(), ScheduledPublication.objects.count()) == (1, 0)
    assert definition_of(Questionnaire.objects.get()).name == "Half done"


def test_who_publishes_what_another_changed_meanwhile_is_told_and_keeps_the_note(editor: Client) -> None:
    draft = publishable_draft()
    seen = editor.get(url("change", draft)).context["seen"]
    save(editor, draft, "texts", "-", name="Half done")
    refused = editor.post(url("publish", draft), {"note": "My note.", "seen": seen})
    page = refused.content.decode()
    assert refused.status_code == 409
    assert "Somebody else changed the draft meanwhile" in page
    assert "My note." in page
    assert not draft.versions.exists()
    editor.post(url("publish", draft), {"note": "My note.", "seen": refused.context["seen"]})
    assert draft.versions.get().definition["name"] == "Half done"
