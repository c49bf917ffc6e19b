"""A definition is written as the files that give it again."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from scorecard.content.exporting import write_files
from scorecard.content.files import read_questionnaire
from scorecard.content.loading import load_draft
from scorecard.definition import parse
from scorecard.publishing import publish

CONTENT = Path(__file__).parents[1] / "content"
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
