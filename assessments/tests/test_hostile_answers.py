"""Whatever is sent as an answer to a question of any type: no failure of ours, and no wrong type stored."""

import os
import random
from collections.abc import Callable
from typing import Any

import pytest
from constance.test import override_config

from assessments.models import AssessmentSession
from assessments.tests.test_adaptive_api import ANSWERS, Api, api, everything
from scorecard.conditions import is_number
from scorecard.definition import Definition, parse
from scorecard.question_types import type_of

__all__ = ["api", "everything"]  # fixtures

pytestmark = pytest.mark.django_db

CASES = int(os.environ.get("HOSTILE_ANSWERS", "300"))  # script/test --deep makes it 20,000
IDS = ["A", "C", "U", "unit", "none", "good", "speed", "5d0c1f6a-0000-4000-8000-000000000001"]
TEXTS = [
    *(
        "",
        " ",
        "x",
        "x" * 6000,
        "\0",
        "\u202egpj.exe",
        "👩🏽‍💻" * 50,
        "\ud800",
        "\u0301" * 900,
        "<script>1</script>",
    ),
    *("{{ 1 }}", "%(own)s", "%s%n", "'; DROP TABLE responses; --", "../../etc/passwd", "true", "null", "NaN"),
    *(
        "2026-02-30",
        "0000-00-00",
        "9999-12-31",
        "12e400",
        "ada@x.example",
        "javascript:alert(1)",
        "http://[::1",
    ),
    *("(a+)+$" + "a" * 60, "\x01abcd1234:AAAA"),
]
NUMBERS = [0, -1, 1, 10**15, 10**400, -(10**400), 0.1, 1e308, 5, 9, True, False]
OWN_TYPE: dict[str, Callable[[Any], bool]] = {
    **dict.fromkeys(
        ("TEXT", "TEXTAREA", "EMAIL", "URL", "DATE", "SINGLE_CHOICE"), lambda it: isinstance(it, str)
    ),
    "NUMBER": is_number,
    "SCALE": lambda it: isinstance(it, int) and not isinstance(it, bool),
    "MULTIPLE_CHOICE": lambda it: isinstance(it, list) and all(isinstance(each, str) for each in it),
    "FILE_UPLOAD": lambda it: isinstance(it, list) and all(isinstance(each, dict) for each in it),
    "MATRIX": lambda it: isinstance(it, dict) and all(isinstance(each, str) for each in it.values()),
}


def hostile(chance: random.Random, depth: int = 3) -> Any:
    """A value of JSON that nobody means well."""
    kind = chance.randrange(8 if depth else 5)
    if kind == 0:
        return None
    if kind == 1:
        return chance.choice(NUMBERS)
    if kind in (2, 3):
        return chance.choice(TEXTS)
    if kind == 4:
        return chance.choice(IDS)
    if kind == 5:
        return [hostile(chance, depth - 1) for _ in range(chance.randrange(4))]
    keys = [*IDS, *TEXTS[:4], "id", "name", "size"]
    return {chance.choice(keys): hostile(chance, depth - 1) for _ in range(chance.randrange(4))}


def test_no_answer_makes_the_form_fail_or_is_stored_as_another_type(
    api: Api, everything: Any, definition_of_everything: Definition
) -> None:
    chance = random.Random(CASES)  # the same cases each time
    keys = [*ANSWERS, "plan", "worry", "when"]
    with override_config(LIMIT_SAVES_PER_HOUR=10**6):
        for number in range(CASES):
            sent = {key: hostile(chance) for key in chance.sample(keys, chance.randrange(1, 4))}
            status = api.save(**sent).status_code
            assert status in (200, 422), (number, sent)
    for key, answer in AssessmentSession.objects.get().responses.items():
        question = definition_of_everything.questions[key]
        assert OWN_TYPE[question.type](answer), (key, answer)
        assert type_of(question).read(question, answer) == answer


@pytest.fixture
def definition_of_everything(everything: Any) -> Definition:
    return parse(everything.definition)
