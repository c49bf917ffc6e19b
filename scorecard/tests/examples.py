"""The questionnaires that tests publish, each read once by a process: half a second for the largest."""

from functools import cache
from pathlib import Path

from scorecard.content.files import read_questionnaire
from scorecard.content.shape import QuestionnaireContent

EVERYTHING = Path(__file__).with_name("everything.yaml")  # every type and every rule
SAMPLE = Path(__file__).with_name("sample.yaml")


@cache
def read_once(file: Path) -> QuestionnaireContent:
    """A file that nobody changes, fit to be published."""
    return read_questionnaire(file, publishable=True)
