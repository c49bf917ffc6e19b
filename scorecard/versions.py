"""Published questionnaires at run time: parsed once in each process, without the draft tables."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from uuid import UUID

from scorecard.definition import Definition, parse
from scorecard.models import QuestionnaireVersion
from scorecard.translation import translated

CURRENT_SECONDS = 5.0  # how long a process may offer the version before the newest


class NothingPublished(Exception):
    """There is no published version of that questionnaire; the message names the command to run."""


@dataclass(frozen=True, slots=True)
class PublishedVersion:
    id: UUID
    number: int
    definition: Definition
    translations: Mapping[str, Definition] = field(default_factory=dict, repr=False)  # by language

    def in_language(self, language: str | None) -> Definition:
        """The definition as people of that language (en, de-at) read it: in its own where it has no other."""
        code = language or ""
        return self.translations.get(code) or self.translations.get(code.split("-")[0]) or self.definition


_current: dict[str, tuple[UUID, float]] = {}  # key -> version, good until (monotonic seconds)


@lru_cache(maxsize=128)
def get(version_id: UUID) -> PublishedVersion:
    """That version; one query the first time. Raises QuestionnaireVersion.DoesNotExist."""
    row = QuestionnaireVersion.objects.get(pk=version_id)
    definition = parse(row.definition)
    translations = {
        other.language: translated(definition, other.texts, other.language)
        for other in definition.translations
    }
    return PublishedVersion(row.pk, row.number, definition, translations)


def current(key: str) -> PublishedVersion:
    """The latest version published under `key`, looked up at most every 5 s in each process.

    Raises NothingPublished.
    """
    version_id, good_until = _current.get(key, (None, 0.0))
    now = time.monotonic()
    if version_id is None or now >= good_until:
        version_id = _latest(key)
        _current[key] = (version_id, now + CURRENT_SECONDS)
    return get(version_id)


def forget() -> None:
    """Look everything up again: after publishing, and between tests."""
    _current.clear()
    get.cache_clear()


def _latest(key: str) -> UUID:
    latest = QuestionnaireVersion.objects.filter(definition__key=key).order_by("-number")
    version_id = latest.values_list("pk", flat=True).first()
    if version_id is None:
        raise NothingPublished(
            f"No questionnaire {key!r} is published. "
            f"Run: script/manage load_questionnaire scorecard/content/{key}.yaml --publish"
        )
    return version_id
