"""Sync the draft rows with a file: rows are matched by key and keep their ids, absent ones are deleted."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from django.db import models, transaction

from scorecard.content.drafts import band_values, question_values, questionnaire_values, section_values
from scorecard.content.shape import QuestionnaireContent
from scorecard.models import Question, Questionnaire, Recommendation, ScoreBand, Section, VisibilityRule
from scorecard.problems import Listing, Words

Row = TypeVar("Row", bound=models.Model)
Values = Mapping[str, Any]
DONE = {
    "added": Words("added %(rows)s: %(keys)s"),
    "changed": Words("changed %(rows)s: %(keys)s"),
    "removed": Words("removed %(rows)s: %(keys)s"),
}
ROWS = {  # one of them, and several
    "questionnaire": (Words("questionnaire"), Words("questionnaires")),
    "section": (Words("section"), Words("sections")),
    "question": (Words("question"), Words("questions")),
    "recommendation": (Words("recommendation"), Words("recommendations")),
    "band": (Words("band"), Words("bands")),
    "rule": (Words("rule"), Words("rules")),
}


@dataclass(frozen=True, slots=True)
class Loaded:
    questionnaire: Questionnaire
    changes: tuple[Words, ...]  # one line each; empty when the draft already matched the file


@transaction.atomic
def load_draft(content: QuestionnaireContent) -> Loaded:
    """Make the draft equal to `content`.

    Idempotent. What files do not cover (other metadata, inactive rules) is left unchanged.
    """
    values = questionnaire_values(content, Questionnaire())
    locked = Questionnaire.objects.select_for_update()
    draft, added = locked.get_or_create(key=content.key, defaults=values)
    drafts = _Rows("questionnaire", {draft.key: draft}, added=[draft.key] if added else [])
    drafts.put(draft.key, draft, questionnaire_values(content, draft))
    bands = _sync_bands(draft, content)
    sections, questions, recommendations = _sync_sections(draft, content)
    for rows in (recommendations, questions, sections, bands):
        rows.drop_unnamed()
    rules = _sync_rules(draft, content)
    kinds = (drafts, sections, questions, recommendations, bands, rules)
    return Loaded(questionnaire=draft, changes=tuple(line for rows in kinds for line in rows.report()))


@dataclass(slots=True)
class _Rows(Generic[Row]):
    """The rows of one model by key, while they are synced with the file."""

    noun: str
    unnamed: dict[str, Row]  # not yet seen in the file
    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)

    def put(self, key: str, new: Row, values: Values) -> Row:
        """Update the row with this key, or insert `new`, so that it has `values`."""
        row = self.unnamed.pop(key, None)
        if row is None:
            _assign(new, values)
            new.save(force_insert=True)
            self.added.append(key)
            return new
        differing = {name: value for name, value in values.items() if getattr(row, name) != value}
        if differing:
            _assign(row, differing)
            row.save(update_fields=list(differing))
            self.changed.append(f"{key} ({', '.join(differing)})")
        return row

    def drop_unnamed(self) -> None:
        for row in self.unnamed.values():
            row.delete()

    def report(self) -> Iterator[Words]:
        done = {"added": self.added, "changed": self.changed, "removed": list(self.unnamed)}
        for verb, keys in done.items():
            if keys:
                rows = ROWS[self.noun][len(keys) > 1]
                yield DONE[verb].having(rows=rows, keys=Listing(keys))


def _assign(row: models.Model, values: Values) -> None:
    for name, value in values.items():
        setattr(row, name, value)


def _sync_bands(draft: Questionnaire, content: QuestionnaireContent) -> _Rows[ScoreBand]:
    rows = _Rows("band", {band.key: band for band in draft.bands.all()})
    for band in content.bands:
        new = ScoreBand(questionnaire=draft, key=band.key)
        rows.put(band.key, new, band_values(band, rows.unnamed.get(band.key, new)))
    return rows


def _sync_sections(
    draft: Questionnaire, content: QuestionnaireContent
) -> tuple[_Rows[Section], _Rows[Question], _Rows[Recommendation]]:
    """Sync the sections and their questions. A question that changed section is moved and keeps its id."""
    sections = _Rows("section", {section.key: section for section in draft.sections.all()})
    questions = _Rows("question", {question.key: question for question in draft.questions.all()})
    present = Recommendation.objects.filter(section__questionnaire=draft).select_related("section")
    recommendations = _Rows("recommendation", {f"{row.section.key} {row.level}": row for row in present})
    for order, item in enumerate(content.sections, 1):
        new_section = Section(questionnaire=draft, key=item.key)
        values = section_values(item, sections.unnamed.get(item.key, new_section))
        section = sections.put(item.key, new_section, values | {"order_index": order})
        for place, question in enumerate(item.questions, 1):
            new_question = Question(key=question.key)
            values = question_values(question, questions.unnamed.get(question.key, new_question))
            where = {"section_id": section.pk, "order_index": place}
            questions.put(question.key, new_question, values | where)
        for level, advice in item.recommendations.by_level().items():
            new = Recommendation(section=section, level=level)
            recommendations.put(f"{item.key} {level}", new, advice.model_dump())
    return sections, questions, recommendations


def _sync_rules(draft: Questionnaire, content: QuestionnaireContent) -> _Rows[VisibilityRule]:
    """Sync the active rules, by their place in the file."""
    questions = {question.key: question for question in draft.questions.all()}
    present = VisibilityRule.objects.filter(question__questionnaire=draft, is_active=True)
    rows = _Rows("rule", {str(number): rule for number, rule in enumerate(present, 1)})
    for number, (_, rule) in enumerate(content.all_rules(), 1):
        values = {
            "question_id": questions[rule.when.field.partition(".")[0]].pk,
            "condition": rule.when.model_dump(mode="json", by_alias=True, exclude_defaults=True),
            "action": rule.action,
            "targets": rule.targets,
            "target_question_ids": [questions[key].pk for key in rule.targets if key in questions],
            "priority": rule.priority,
            "order_index": number,
        }
        rows.put(str(number), VisibilityRule(), values)
    rows.drop_unnamed()
    return rows
