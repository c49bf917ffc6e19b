"""The life of a questionnaire: created, copied, published, scheduled, restored, retired, archived."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.db.models.functions import Now
from django.utils import timezone

from accounts.models import User
from scorecard import versions
from scorecard.content.documents import check_document
from scorecard.content.drafts import draft_document
from scorecard.content.exporting import authors_document
from scorecard.content.loading import load_draft
from scorecard.content.shape import QuestionnaireContent
from scorecard.definition import Definition, freeze, parse
from scorecard.editing.changes import ChangedMeanwhile, log, record_changes
from scorecard.editing.parts import hash_of
from scorecard.models import PublicationStatus, Questionnaire, QuestionnaireVersion, ScheduledPublication
from scorecard.publishing import publish, publish_frozen, publishable


class KeyTaken(Exception):
    """Another questionnaire has this key."""


@transaction.atomic
def create(content: QuestionnaireContent, *, by: User, how: str = "created") -> Questionnaire:
    """Insert a new draft. Raises KeyTaken."""
    if Questionnaire.objects.filter(key=content.key).exists():
        raise KeyTaken(content.key)
    draft = load_draft(content).questionnaire
    draft.created_by = by
    draft.save(update_fields=["created_by"])
    log("created", f"The questionnaire {content.key} was {how}", content.key, by)
    return draft


def copy(draft: Questionnaire, key: str, name: str, *, by: User) -> Questionnaire:
    """A new draft with everything of another one. Raises KeyTaken, QuestionnaireErrors."""
    content = check_document({**draft_document(draft), "key": key, "name": name})
    return create(content, by=by, how=f"copied from {draft.key}")


@transaction.atomic
def load_import(content: QuestionnaireContent, *, by: User) -> tuple[Questionnaire, tuple[str, ...]]:
    """Make the draft of this key equal to an imported one; returns it with what changed, in lines."""
    is_new = not Questionnaire.objects.filter(key=content.key).exists()
    if is_new:
        return create(content, by=by, how="imported"), ("created",)
    loaded = load_draft(content)
    return loaded.questionnaire, record_changes(content.key, loaded.changes, by)


def locked(draft: Questionnaire, seen: str = "") -> Questionnaire:
    """The draft as it is now, locked until the end of the transaction.

    `seen`: the hash of the document that the author had on the screen, '' for none. Raises ChangedMeanwhile.
    """
    now = Questionnaire.objects.select_for_update().get(pk=draft.pk)
    if seen and (known := hash_of(draft_document(now))) != seen:
        raise ChangedMeanwhile(None, known)
    return now


def latest_number(draft: Questionnaire) -> int:
    """The number of the latest version, 0 without one. Ask it of a locked draft: others publish too."""
    return draft.versions.aggregate(latest=Max("number"))["latest"] or 0


@transaction.atomic
def publish_draft(
    draft: Questionnaire, note: str, *, by: User, seen: str = ""
) -> tuple[QuestionnaireVersion, bool]:
    """The latest version, and whether it is new.

    Raises DraftErrors, and ChangedMeanwhile as `locked` does.
    """
    draft = locked(draft, seen)
    before = latest_number(draft)
    version = publish(draft, by=by, note=note)
    if version.number > before:
        log_version(version, by)
    return version, version.number > before


def log_version(version: QuestionnaireVersion, by: User | None, **data: Any) -> None:
    key = version.definition["key"]
    log(
        "published",
        f"Version {version.number} of {key} was published",
        key,
        by,
        version=version.number,
        **data,
    )


@transaction.atomic
def schedule(
    draft: Questionnaire, at: datetime, note: str, *, by: User, seen: str = ""
) -> ScheduledPublication:
    """Freeze the draft as it is now, to be published at a time. Takes the place of what waits.

    Raises DraftErrors, and ChangedMeanwhile as `locked` does.
    """
    draft = locked(draft, seen)
    definition = freeze(publishable(draft))
    cancel_schedule(draft, by=by)
    planned = ScheduledPublication.objects.create(
        questionnaire=draft, definition=definition, publish_at=at, note=note, created_by=by
    )
    log("scheduled", f"The draft of {draft.key} was scheduled", draft.key, by, at=at)
    return planned


@transaction.atomic
def cancel_schedule(draft: Questionnaire, *, by: User) -> bool:
    """Whether there was something to cancel."""
    waiting = draft.publications.waiting()
    cancelled = waiting.update(status=PublicationStatus.CANCELLED, settled_at=Now())
    if cancelled:
        log("schedule_cancelled", f"The planned publication of {draft.key} was cancelled", draft.key, by)
    return bool(cancelled)


def publish_due() -> int:
    """Publish what is due, one transaction each; returns how many. Safe twice at once, and after a stop."""
    published = 0
    while publish_next():
        published += 1
    return published


@transaction.atomic
def publish_next() -> bool:
    """Publish the earliest that is due; whether there was one. Locks in the same order as `schedule`."""
    due = ScheduledPublication.objects.due().first()
    if due is None:
        return False
    draft = locked(due.questionnaire)
    before = latest_number(draft)
    planned = ScheduledPublication.objects.due().filter(pk=due.pk).select_for_update().first()
    if planned:
        version = publish_frozen(draft, planned.definition, by=planned.created_by, note=planned.note)
        planned.status, planned.version = PublicationStatus.PUBLISHED, version
        planned.settled_at = timezone.now()
        planned.save(update_fields=["status", "version", "settled_at"])
        if version.number > before:
            log_version(version, None, scheduled_by=f"staff {planned.created_by_id}")
    return True


@transaction.atomic
def restore(version: QuestionnaireVersion, *, by: User) -> QuestionnaireVersion:
    """Publish an old version again, as the newest one. The draft stays as it is."""
    draft = locked(version.questionnaire)
    before = latest_number(draft)
    newest = publish_frozen(draft, version.definition, by=by, note=f"Version {version.number} restored")
    if newest.number > before:
        log_version(newest, by, restored=version.number)
    return newest


@transaction.atomic
def reset_draft(version: QuestionnaireVersion, *, by: User, seen: str = "") -> tuple[str, ...]:
    """Make the draft equal to a version; returns what changed, in lines.

    Raises QuestionnaireErrors, and ChangedMeanwhile as `locked` does.
    """
    locked(version.questionnaire, seen)
    content = content_of(parse(version.definition))
    return record_changes(content.key, load_draft(content).changes, by)


def content_of(definition: Definition) -> QuestionnaireContent:
    """The content from which loading makes the same definition. Raises QuestionnaireErrors."""
    translations: Mapping[str, Any] = {item.language: item.texts for item in definition.translations}
    whole = authors_document(replace(definition, translations=()))
    return check_document({**whole, "translations": dict(translations)})


@transaction.atomic
def set_active(draft: Questionnaire, *, active: bool, by: User) -> None:
    """Retire a questionnaire, or bring it back: nobody starts a retired one, open sessions go on."""
    draft.is_active = active
    draft.archived_at = None
    draft.save(update_fields=["is_active", "archived_at"])
    verb = "brought back" if active else "retired"
    log("brought_back" if active else "retired", f"{draft.key} was {verb}", draft.key, by)
    transaction.on_commit(versions.clear_caches)


@transaction.atomic
def archive(draft: Questionnaire, *, by: User) -> None:
    """Retire a questionnaire and take it off the list. Versions and results stay."""
    draft.is_active = False
    draft.archived_at = Now()
    draft.save(update_fields=["is_active", "archived_at"])
    log("archived", f"{draft.key} was archived", draft.key, by)
    transaction.on_commit(versions.clear_caches)
