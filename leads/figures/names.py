"""What readers call the keys that figures are counted by, in the active language."""

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.models.assessment import SyncStatus
from assessments.qualification import LeadQuality
from assessments.statistics.dictionary import STAGES
from leads.models import ContactOutcome
from scorecard.published_names import answer_labels, band_names, page_names, question_texts, section_names

DEVICES = {
    "desktop": gettext_lazy("Desktop"),
    "mobile": gettext_lazy("Mobile"),
    "tablet": gettext_lazy("Tablet"),
    "bot": gettext_lazy("Bot"),
}


def stage_names() -> dict[str, str]:
    """Name the stages of the funnel; a page by its number, and what it is called in every questionnaire."""
    pages = {
        f"page {number}": _("Page %(number)s") % {"number": number}
        + ("" if " / " in name else f": {name}")  # several questionnaires
        for number, name in page_names().items()
    }
    return pages | {stage: _(words) for stage, words in STAGES.items()}


def quality_names() -> dict[str, str]:
    return {quality.value: _(quality.label) for quality in LeadQuality}


def outcome_names() -> dict[str, str]:
    return {"none": _("None yet"), **{value: str(label) for value, label in ContactOutcome.choices}}


NAMED: Mapping[str, Callable[[], Mapping[str, Any]]] = {
    "funnel": stage_names,
    "categories": band_names,
    "areas": section_names,
    "questions": question_texts,
    "answers": answer_labels,
    "qualities": quality_names,
    "outcomes": outcome_names,
    "sources": lambda: {"None": _("Directly, or not known")},
    "deliveries": lambda: {value: str(label) for value, label in SyncStatus.choices},
    "languages": lambda: dict(settings.LANGUAGES),
    "devices": lambda: DEVICES,
}


def key_of(row: Mapping[str, Any]) -> str:
    """What a row is called by in NAMED: its first value; of an answer QUESTION:ANSWER."""
    return f"{row['question']}:{row['answer']}" if "answer" in row else str(next(iter(row.values())))
