"""Changing a draft: read the document, check who saw what, apply, validate, write and log at once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from audit.models import SystemLog
from scorecard import validation
from scorecard.content.documents import check_document
from scorecard.content.drafts import draft_document
from scorecard.content.loading import load_draft
from scorecard.content.shape import QuestionnaireContent
from scorecard.definition import Definition
from scorecard.editing.parts import Document, Place, part_at, revision
from scorecard.models import Questionnaire
from scorecard.problems import Problem, QuestionnaireErrors
from scorecard.translation import texts_by_path

EVENTS = (
    *("created", "draft_changed", "published", "scheduled", "schedule_cancelled"),
    *("retired", "brought_back", "archived"),
)
Change = Callable[[Document], None]


class ChangedMeanwhile(Exception):
    """Somebody else saved the same part; `theirs` is what they saved, None if they removed it."""

    def __init__(self, theirs: Mapping[str, Any] | None, revision: str) -> None:
        super().__init__("changed meanwhile")
        self.theirs, self.revision = theirs, revision


@dataclass(frozen=True, slots=True)
class Seen:
    """The part that an editor had on the screen, as it was then."""

    place: Place
    revision: str


@transaction.atomic
def change_draft(pk: UUID, change: Change, *, by: User, seen: Seen | None = None) -> tuple[str, ...]:
    """Apply a change to the document of the draft; returns what changed, in lines, () for nothing.

    Raises ChangedMeanwhile, NoSuchPart, QuestionnaireErrors for what no draft may be.
    """
    draft = Questionnaire.objects.select_for_update().get(pk=pk)
    document = draft_document(draft)
    if seen:
        require_unchanged(document, seen)
    before = contradictions_of(document)
    change(document)
    content = pruned(check_document(document), document)
    known = {str(problem) for problem in before}
    if new := [each for each in validation.contradictions(content.definition()) if str(each) not in known]:
        raise QuestionnaireErrors(new)
    return record_changes(draft.key, load_draft(content).changes, by)


def record_changes(key: str, changes: tuple[str, ...], by: User) -> tuple[str, ...]:
    if changes:
        log("draft_changed", f"The draft of {key} was changed", key, by, changes=list(changes))
    return changes


def latest_records() -> QuerySet[SystemLog]:
    """What happened to questionnaires, the latest first."""
    return SystemLog.objects.filter(event_type__in=[f"questionnaire_{event}" for event in EVENTS])


def records_of(key: str) -> QuerySet[SystemLog]:
    """What happened to a questionnaire, the latest first."""
    return latest_records().filter(data__questionnaire=key)


def log(event: str, message: str, key: str, by: User | None, **data: Any) -> None:
    """Record in the system log what was done with a questionnaire, and by whom."""
    who = f"staff {by.pk}" if by else "schedule"
    SystemLog.objects.record(f"questionnaire_{event}", message, questionnaire=key, by=who, **data)


def require_unchanged(document: Document, seen: Seen) -> None:
    """Raises ChangedMeanwhile."""
    now = revision(document, seen.place)
    if now != seen.revision:
        theirs = part_at(document, seen.place) if now else None
        raise ChangedMeanwhile(theirs, now)


def contradictions_of(document: Document) -> list[Problem]:
    """What was wrong already; [] for a document that cannot be read."""
    try:
        return validation.contradictions(check_document(document).definition())
    except QuestionnaireErrors:
        return []


def pruned(content: QuestionnaireContent, document: Document) -> QuestionnaireContent:
    """The content without translations of texts that are gone."""
    own = texts_by_path(content.definition())
    kept = {code: kept_texts(tree, (), set(own)) or {} for code, tree in content.translations.items()}
    if kept == content.translations:
        return content
    return check_document({**document, "translations": kept})


def kept_texts(tree: Any, path: tuple[str | int, ...], own: set[tuple[str | int, ...]]) -> Any:
    """The tree with the leaves at the paths of `own` only; None for nothing."""
    if isinstance(tree, Mapping):
        found = {key: kept_texts(branch, (*path, key), own) for key, branch in tree.items()}
        return {key: branch for key, branch in found.items() if branch is not None} or None
    if isinstance(tree, list):
        lines = [kept_texts(branch, (*path, number), own) for number, branch in enumerate(tree)]
        while lines and lines[-1] is None:
            lines.pop()
        return lines or None
    return tree if path in own else None


def definition_of(draft: Questionnaire) -> Definition:
    """The draft as a definition, finished or not. Raises QuestionnaireErrors."""
    return check_document(draft_document(draft)).definition()
