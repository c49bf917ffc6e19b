"""A definition is written as the files that give it again."""

import json
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from accounts.models import User
from scorecard.content.exporting import write_files
from scorecard.content.files import read_questionnaire
from scorecard.content.loading import load_draft
from scorecard.definition import Definition, freeze, parse
from scorecard.editing import lifecycle
from scorecard.editing.changes import definition_of
from scorecard.models import Questionnaire
from scorecard.publishing import publish, publish_frozen

CONTENT = Path(__file__).parents[1] / "content"
GOLDEN = Path(settings.BASE_DIR) / "assessments/tests/golden/before_questions_adapt.json"
OLDER_SHAPE: dict[str, Any] = json.loads(GOLDEN.read_text())
FILES = [
    *(CONTENT / f"{key}.yaml" for key in ("ai_reality_check", "security_check", "client_intake")),
    *(Path(__file__).with_name(f"{name}.yaml") for name in ("everything", "sample")),
]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_what_is_exported_reads_as_the_same(file: Path, tmp_path: Path) -> None:
    original = read_questionnaire(file).definition()
    exported, *_ = write_files(original, tmp_path)
    assert read_questionnaire(exported, publishable=True).definition() == original


@pytest.mark.django_db
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_what_is_loaded_and_published_reads_as_the_file(file: Path) -> None:
    content = read_questionnaire(file)
    published = parse(publish(load_draft(content).questionnaire).definition)
    assert published == content.definition()
    assert load_draft(content).changes == ()


def shortened(whole: Definition) -> Definition:
    """Without languages, rules and the last page, and with one question on each other page."""
    sections = tuple(
        replace(
            section,
            visible_if=None,
            questions=tuple(replace(each, visible_if=None) for each in section.questions[:1]),
        )
        for section in whole.sections[:-1]
    )
    return replace(whole, translations=(), rules=(), sections=sections)


@pytest.mark.django_db
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_version_is_restored_whole_after_languages_pages_and_questions_were_dropped(
    file: Path, tmp_path: Path
) -> None:
    author = User.objects.create_user("author@example.com")
    first = publish(load_draft(read_questionnaire(file)).questionnaire)
    load_draft(lifecycle.content_of(shortened(parse(first.definition))))
    publish_frozen(first.questionnaire, freeze(definition_of(Questionnaire.objects.get())))
    restored = lifecycle.restore(first, by=author)
    assert (restored.number, restored.definition) == (3, first.definition)
    exported, *_ = write_files(parse(restored.definition), tmp_path)
    assert freeze(read_questionnaire(exported).definition()) == first.definition
    lifecycle.reset_draft(restored, by=author)
    assert publish(Questionnaire.objects.get()).number == 3


@pytest.mark.django_db
def test_a_version_of_an_older_shape_is_restored_exported_and_made_the_draft(tmp_path: Path) -> None:
    author = User.objects.create_user("author@example.com")
    draft = load_draft(read_questionnaire(FILES[0])).questionnaire
    old = publish_frozen(draft, OLDER_SHAPE["definition"])
    publish(draft)
    restored = lifecycle.restore(old, by=author)
    assert (restored.number, restored.checksum) == (3, OLDER_SHAPE["checksum"])
    exported, *_ = write_files(parse(restored.definition), tmp_path)
    assert freeze(read_questionnaire(exported).definition()) == OLDER_SHAPE["definition"]
    lifecycle.reset_draft(restored, by=author)
    assert definition_of(Questionnaire.objects.get()) == parse(OLDER_SHAPE["definition"])


@pytest.mark.django_db
def test_the_command_writes_the_latest_version(tmp_path: Path) -> None:
    publish(load_draft(read_questionnaire(FILES[-1])).questionnaire)
    out = StringIO()
    call_command("export_questionnaire", "sample", to=tmp_path, stdout=out)
    assert out.getvalue() == f"{tmp_path / 'sample.yaml'}\n"


@pytest.mark.django_db
def test_a_version_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No such version of 'sample' is published"):
        call_command("export_questionnaire", "sample", to=tmp_path)
