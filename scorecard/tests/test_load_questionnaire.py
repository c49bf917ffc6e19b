from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from scorecard import versions
from scorecard.models import Questionnaire, QuestionnaireVersion

pytestmark = pytest.mark.django_db

SAMPLE = Path(__file__).parent / "sample.yaml"


def run(file: Path, **options: bool | list[str]) -> list[str]:
    out = StringIO()
    call_command("load_questionnaire", file, stdout=out, **options)
    return out.getvalue().splitlines()


def refused(file: Path, **options: bool) -> list[str]:
    err = StringIO()
    with pytest.raises(SystemExit, match="1"):
        call_command("load_questionnaire", file, stderr=err, **options)
    return err.getvalue().splitlines()


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    file = tmp_path / "form.yaml"
    file.write_text(
        SAMPLE.read_text().replace("weight: 0.4", "weight: 0.3").replace("label: No,", "label: '',")
    )
    return file


def test_a_loaded_draft_waits_for_publishing() -> None:
    assert run(SAMPLE)[-1] == "sample: nothing is published yet; --publish publishes the draft"
    assert not QuestionnaireVersion.objects.exists()


def test_publish_makes_the_file_the_current_version() -> None:
    assert run(SAMPLE, publish=True)[-1] == "sample: version 1 is published"
    assert versions.current("sample").definition.name == "How real is it?"


def test_the_second_run_changes_nothing() -> None:
    run(SAMPLE, publish=True)
    assert run(SAMPLE, publish=True) == ["sample: the draft is up to date", "sample: version 1 is published"]


def test_a_published_version_stays_until_the_draft_is_published() -> None:
    run(SAMPLE, publish=True)
    assert run(SAMPLE)[-1] == "sample: version 1 stays published; --publish publishes the draft"


def test_errors_are_listed_by_line_and_nothing_is_written(broken: Path) -> None:
    assert refused(broken, publish=True) == [
        f"{broken}:5: sections: the weights sum to 0.9, not to 1",
        f"{broken}:18: section value, question value_1, option B, label: is blank",
    ]
    assert not Questionnaire.objects.exists()


def test_a_draft_may_be_loaded_unfinished(broken: Path) -> None:
    assert "added sections: value, care" in run(broken)


def test_a_missing_file_is_one_line(tmp_path: Path) -> None:
    assert refused(tmp_path / "none.yaml") == [f"{tmp_path}/none.yaml: no such file or directory"]


def test_a_file_must_be_named() -> None:
    with pytest.raises(CommandError, match="required: file"):
        call_command("load_questionnaire")


@pytest.fixture
def translated(tmp_path: Path) -> Path:
    file = tmp_path / "form.yaml"
    file.write_text(SAMPLE.read_text())
    file.with_name("form.de.yaml").write_text(SAMPLE.with_name("sample_in_german.yaml").read_text())
    return file


def test_a_missing_language_file_takes_no_language_away(translated: Path) -> None:
    run(translated, publish=True)
    translated.with_name("form.de.yaml").unlink()
    (line,) = refused(translated, publish=True)
    assert line.endswith("Put the file there, or say --drop-language de.")
    assert Questionnaire.objects.get().translations.keys() == {"de"}
    assert QuestionnaireVersion.objects.count() == 1


def test_a_language_goes_when_that_is_said(translated: Path) -> None:
    run(translated, publish=True)
    translated.with_name("form.de.yaml").unlink()
    assert run(translated, publish=True, drop_language=["de"])[-1] == "sample: version 2 is published"
    assert Questionnaire.objects.get().translations == {}


def test_errors_of_all_stages_come_at_once(tmp_path: Path) -> None:
    file = tmp_path / "form.yaml"
    text = SAMPLE.read_text().replace("weight: 0.4", "weight: 0.3")
    file.write_text(text.replace("text: ", "tekst: ", 1).replace("label: No,", "label: '',"))
    lines = "\n".join(refused(file, publish=True))
    assert "tekst: is not known here" in lines
    assert "text: is missing" in lines
    assert "weight" in lines
    assert "label" in lines
    assert "stand_in" not in lines


def test_a_missing_value_is_told_once_also_beside_a_wrong_key(tmp_path: Path) -> None:
    file = tmp_path / "form.yaml"
    text = SAMPLE.read_text().replace("key: value_1", "key: Value-1")
    file.write_text(text + "rules: [{when: {operator: eq, value: A}, action: HIDE, targets: [value]}]\n")
    assert [line for line in refused(file) if ", field" in line] == [
        f"{file}:{len(text.splitlines()) + 1}: rule 1, when, field: is missing"
    ]
