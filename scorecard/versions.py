"""Per-process cache of published versions, independent of the draft tables."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from uuid import UUID

from scorecard.definition import Definition, parse
from scorecard.models import QuestionnaireVersion
from scorecard.translation import translated
from web.snapshot import Snapshot


class NothingPublished(Exception):
    """The questionnaire has no published version; the message names the command that publishes one."""


@dataclass(frozen=True, slots=True)
class PublishedVersion:
    id: UUID
    number: int
    definition: Definition
    translations: Mapping[str, Definition] = field(default_factory=dict, repr=False)  # by language

    def in_language(self, language: str | None) -> Definition:
        """The definition translated for a language code (en, de-at), falling back to its source language."""
        code = language or ""
        return self.translations.get(code) or self.translations.get(code.split("-")[0]) or self.definition


@lru_cache(maxsize=128)
def get(version_id: UUID) -> PublishedVersion:
    """The version with this id; cached after one query. Raises QuestionnaireVersion.DoesNotExist."""
    row = QuestionnaireVersion.objects.get(pk=version_id)
    definition = parse(row.definition)
    translations = {
        other.language: translated(definition, other.texts, other.language)
        for other in definition.translations
    }
    return PublishedVersion(row.pk, row.number, definition, translations)


def current(key: str) -> PublishedVersion:
    """The latest published version of `key`. Raises NothingPublished."""
    return get(_latest(key))


@Snapshot
def live_keys() -> tuple[str, ...]:
    """The keys of the questionnaires that are published and active, sorted."""
    published = QuestionnaireVersion.objects.filter(questionnaire__is_active=True)
    return tuple(sorted(set(published.values_list("questionnaire__key", flat=True))))


@Snapshot
def names() -> dict[str, str]:
    """Key -> name of the latest version of every questionnaire that was ever published, by name."""
    rows = QuestionnaireVersion.objects.order_by("questionnaire_id", "-number").distinct("questionnaire_id")
    found = [get(pk).definition for pk in rows.values_list("pk", flat=True)]
    return {each.key: each.name for each in sorted(found, key=lambda each: each.name)}


def clear_caches() -> None:
    """Clear the caches: after publishing, and between tests."""
    live_keys.forget()
    names.forget()
    _latest.forget()
    get.cache_clear()


@Snapshot
def _latest(key: str) -> UUID:
    """The id of the latest published version. Raises NothingPublished."""
    latest = QuestionnaireVersion.objects.filter(definition__key=key).order_by("-number")
    version_id = latest.values_list("pk", flat=True).first()
    if version_id is None:
        raise NothingPublished(
            f"No questionnaire {key!r} is published. "
            f"Run: script/manage load_questionnaire scorecard/content/{key}.yaml --publish"
        )
    return version_id
