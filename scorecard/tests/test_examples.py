"""The shipped examples can be published, and what they are for works."""

from pathlib import Path

import pytest
from django.conf import settings

from scorecard.content.files import read_questionnaire
from scorecard.scoring import score
from scorecard.validation import publishing_problems

CONTENT = Path(__file__).parents[1] / "content"
EXAMPLES = [
    CONTENT / "security_check.yaml",
    CONTENT / "client_intake.yaml",
    Path(__file__).parent / "everything.yaml",
]


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_an_example_can_be_published(file: Path) -> None:
    assert publishing_problems(read_questionnaire(file, publishable=True).definition()) == []


@pytest.mark.parametrize("file", EXAMPLES[:2], ids=lambda file: file.stem)
def test_an_example_speaks_every_language_of_the_product(file: Path) -> None:
    form = read_questionnaire(file, publishable=True).definition()
    assert {form.language, *(each.language for each in form.translations)} == set(dict(settings.LANGUAGES))


def test_who_has_no_backup_is_not_asked_whether_it_was_tried_nor_scored_on_it() -> None:
    form = read_questionnaire(CONTENT / "security_check.yaml").definition()
    best = {"second_factor": "A", "leavers": "A", "passwords": 5, "backups": ["none"], "restored": "A"}
    assert score(form, best).areas == {"accounts": 100, "data": 0}


def test_who_does_not_know_loses_nothing() -> None:
    form = read_questionnaire(CONTENT / "security_check.yaml").definition()
    unsure = {"second_factor": "U", "leavers": "A", "passwords": 5, "backups": ["unknown"]}
    assert (score(form, unsure).total, score(form, unsure).areas) == (100, {"accounts": 100})
