"""The contract that every question type keeps, and what is particular to each."""

import json
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorecard.definition import Option, PointRange, Question, Row, Scale
from scorecard.problems import Words
from scorecard.question_types import TYPES, InvalidAnswer, TypeContract
from scorecard.question_types.text import REASONS, pattern_problem

OPTIONS = (
    Option("A", "Apples", "", 10),
    Option("B", "Pears", "", 5),
    Option("C", "None of them", "", 0, exclusive=True),
    Option("D", "I don't know", "", None, unknown=True, exclusive=True),
)


def asked(type: str, **parts: Any) -> Question:
    """A question of a type, with what the type needs."""
    needs: dict[str, dict[str, Any]] = {
        "SINGLE_CHOICE": {"options": OPTIONS},
        "MULTIPLE_CHOICE": {"options": OPTIONS},
        "SCALE": {"scale": Scale(1, 10, {"1": "never", "10": "always"})},
        "MATRIX": {"rows": (Row("r1", "Price"), Row("r2", "Taste")), "columns": OPTIONS},
    }
    plain = Question("q", "What?", "", "", type, is_required=True, options=())
    return replace(plain, **{**needs.get(type, {}), **parts})


FILE_ID = "5d0c1f6a-0000-4000-8000-000000000001"
FILE = {"id": FILE_ID, "name": "", "size": 0, "mimeType": ""}
FILE_RESPONSE: dict[str, Any] = {
    "fileUrl": f"urn:uuid:{FILE_ID}",
    "fileName": "",
    "fileSize": 0,
    "mimeType": "",
}

GOOD: dict[str, tuple[list[str], Any, dict[str, Any], str]] = {
    # type: what a form posts, the answer, seed 002's object, the answer in words
    "TEXT": (["  some   words "], "some words", {"text": "some words"}, "some words"),
    "TEXTAREA": (["one\r\ntwo"], "one\ntwo", {"text": "one\ntwo"}, "one\ntwo"),
    "NUMBER": (["12,5"], 12.5, {"number": 12.5}, "12.5"),
    "EMAIL": (["Ada@Müller.example"], "ada@xn--mller-kva.example", {"text": "ada@xn--mller-kva.example"}, ""),
    "URL": (["company.example/x"], "https://company.example/x", {"text": "https://company.example/x"}, ""),
    "DATE": (["2026-11-28"], "2026-11-28", {"date": "2026-11-28"}, "2026-11-28"),
    "SINGLE_CHOICE": (["A"], "A", {"selectedOptionId": "A"}, "Apples"),
    "MULTIPLE_CHOICE": (["B", "A"], ["A", "B"], {"selectedOptionIds": ["A", "B"]}, "Apples; Pears"),
    "SCALE": (["10"], 10, {"rating": 10}, "10 (always)"),
    "FILE_UPLOAD": ([FILE_ID], [FILE], FILE_RESPONSE, FILE_ID),
    "MATRIX": ([], {"r1": "A", "r2": "B"}, {"rows": {"r1": "A", "r2": "B"}}, "Price: Apples; Taste: Pears"),
}
MATRIX_FORM = {"q.r1": ["A"], "q.r2": ["B"]}

WRONG: list[tuple[str, Any]] = [
    *(("TEXT", wrong) for wrong in (1, True, ["a"], {"a": "b"}, "\ud800")),
    ("TEXT", "x" * 501),
    ("TEXTAREA", "x" * 5001),
    *(("NUMBER", wrong) for wrong in ("12", True, float("nan"), float("inf"), 10**16, -(10**400), [1])),
    *(
        ("EMAIL", wrong)
        for wrong in ("ada", "ada@", "@x.example", "a b@x.example", "a..b@x.example", "a@1.2", 1)
    ),
    *(
        ("URL", wrong)
        for wrong in ("javascript://x.example", "ftp://x.example", "http://", "x y.example", "x")
    ),
    *(("URL", wrong) for wrong in ("https://user@x.example", "https://x.example:99999")),
    *(("DATE", wrong) for wrong in ("28.11.2026", "2026-02-30", "2026-1-1", 20261128, "20261128")),
    *(("SINGLE_CHOICE", wrong) for wrong in ("Z", 1, ["A"], {"A": "A"})),
    *(("MULTIPLE_CHOICE", wrong) for wrong in ("A", ["Z"], [1], [["A"]], {"A": "A"}, ["A", "C"])),
    *(("SCALE", wrong) for wrong in (0, 11, 2.5, "5", True, [5])),
    *(("FILE_UPLOAD", wrong) for wrong in ("x", ["x"], [1], [{"id": FILE_ID, "url": "x"}], {"id": "x"})),
    *(("FILE_UPLOAD", [{**FILE, **part}]) for part in ({"size": "1"}, {"name": 1}, {"size": True})),
    *(("MATRIX", wrong) for wrong in ("A", ["A"], {"r3": "A"}, {"r1": "Z"}, {"r1": ["A"]})),
]


@pytest.fixture(params=sorted(TYPES))
def kind(request: pytest.FixtureRequest) -> TypeContract:
    found: TypeContract = TYPES[request.param]
    return found


def from_form(kind: TypeContract, question: Question, posted: dict[str, list[str]]) -> Any:
    sent = kind.from_form(question, lambda name: posted.get(name, []))
    return sent if sent is None else kind.read(question, sent)


def test_every_type_has_a_case(kind: TypeContract) -> None:
    assert kind.name in GOOD


def test_what_a_form_posts_becomes_the_answer(kind: TypeContract) -> None:
    posted, answer, _, _ = GOOD[kind.name]
    assert from_form(kind, asked(kind.name), {"q": posted, **MATRIX_FORM}) == answer


def test_an_answer_is_natural_json_and_reads_as_itself(kind: TypeContract) -> None:
    answer = GOOD[kind.name][1]
    assert kind.read(asked(kind.name), json.loads(json.dumps(answer))) == answer


def test_an_empty_form_gives_no_answer(kind: TypeContract) -> None:
    assert from_form(kind, asked(kind.name), {}) is None
    assert from_form(kind, asked(kind.name), {"q": [""], "q.r1": [""]}) is None


@pytest.mark.parametrize("empty", [None, "", [], {}])
def test_nothing_is_empty_and_incomplete(kind: TypeContract, empty: Any) -> None:
    assert kind.is_empty(empty)
    assert not kind.is_complete(asked(kind.name), empty)


def test_an_answer_is_complete(kind: TypeContract) -> None:
    assert kind.is_complete(asked(kind.name), GOOD[kind.name][1])


def test_the_response_object_is_that_of_the_schema_and_reads_back(kind: TypeContract) -> None:
    _, answer, response, _ = GOOD[kind.name]
    assert kind.to_response(answer) == response
    assert kind.from_response(response) == answer


def test_an_answer_is_told_in_words(kind: TypeContract) -> None:
    _, answer, _, words = GOOD[kind.name]
    assert kind.in_words(asked(kind.name), answer) == (words or answer)


@pytest.mark.parametrize(("type", "sent"), WRONG)
def test_a_wrong_answer_is_refused_with_words(type: str, sent: Any) -> None:
    with pytest.raises(InvalidAnswer) as refused:
        TYPES[type].read(asked(type), sent)
    assert refused.value.words % refused.value.values


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["A", "r1"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(type=st.sampled_from(sorted(TYPES)), sent=JSON)
def test_any_json_is_an_answer_or_refused(type: str, sent: Any) -> None:
    kind, question = TYPES[type], asked(type)
    if kind.is_empty(sent):
        return
    try:
        answer = kind.read(question, sent)
    except InvalidAnswer:
        return
    assert kind.is_empty(answer) or kind.read(question, answer) == answer
    assert json.loads(json.dumps(kind.to_response(answer))) == kind.to_response(answer)


def test_no_answer_earns_more_than_is_attainable(kind: TypeContract) -> None:
    ranges = (PointRange(5, max=3), PointRange(10, min=4))
    question = asked(kind.name, **({"points": ranges} if "points" in kind.parts else {}))
    found = kind.points(question, GOOD[kind.name][1])
    assert 0 <= found.earned <= found.attainable
    assert kind.points(question, None).attainable == found.attainable


def test_a_sound_question_has_no_problems(kind: TypeContract) -> None:
    assert list(kind.problems(asked(kind.name))) == []


@pytest.mark.parametrize("wrong", ["three", [], {"a": 1}, True, "("])
def test_a_limit_that_is_none_limits_nothing_and_is_told(kind: TypeContract, wrong: Any) -> None:
    """As a draft may hold it, which its author looks at and tries out."""
    answer = GOOD[kind.name][1]
    for rule in kind.rules:
        question = asked(kind.name, validation={rule: wrong})
        with suppress(InvalidAnswer):  # a pattern may be any text
            assert kind.read(question, answer) == answer
        told = [path for path, _ in kind.problems(question)]
        assert ("validation", rule) in {path[:2] for path in told} or (
            rule in ("pattern", "customMessage", "unit") and wrong in ("three", "(")
        )


def test_a_rule_that_the_type_does_not_have_is_told(kind: TypeContract) -> None:
    found = list(kind.problems(asked(kind.name, validation={"colour": 1})))
    assert found == [(("validation", "colour"), f"{kind.name} has no such rule")]


RULES: list[tuple[str, dict[str, Any], Any, str]] = [
    ("TEXT", {"minLength": 3}, "ab", "at least 3 characters"),
    ("TEXT", {"maxLength": 3}, "abcd", "at most 3 characters"),
    ("TEXT", {"pattern": "[A-Z]{2}[0-9]+"}, "ab1", "the way the question asks for"),
    ("TEXT", {"pattern": "[0-9]+", "customMessage": "Digits only."}, "x", "Digits only."),
    ("NUMBER", {"min": 0}, -1, "at least 0"),
    ("NUMBER", {"max": 100}, 100.5, "at most 100"),
    ("NUMBER", {"step": 0.1}, 0.25, "steps of 0.1"),
    ("DATE", {"min": "2026-01-01"}, "2025-12-31", "from 2026-01-01"),
    ("DATE", {"max": "2026-01-01"}, "2026-01-02", "up to 2026-01-01"),
    ("MULTIPLE_CHOICE", {"minSelected": 2}, ["A"], "at least 2 answers"),
    ("MULTIPLE_CHOICE", {"maxSelected": 1}, ["A", "B"], "at most 1 answers"),
    ("MULTIPLE_CHOICE", {}, ["A", "C"], "“None of them” cannot be combined"),
]
ABOVE_THE_REST = (PointRange(5, max=3), PointRange(10, min=11))
HOPELESS: list[tuple[str, dict[str, Any], tuple[Any, ...]]] = [
    # type, parts of the question, where no answer can be right or earn anything
    ("TEXT", {"validation": {"minLength": 9, "maxLength": 3}}, ("validation", "minLength")),
    ("NUMBER", {"validation": {"min": 10, "max": 1}}, ("validation", "min")),
    ("NUMBER", {"validation": {"max": 10}, "points": ABOVE_THE_REST}, ("points", 1)),
    ("NUMBER", {"validation": {"min": 4}, "points": ABOVE_THE_REST}, ("points", 0)),
    ("SCALE", {"points": ABOVE_THE_REST}, ("points", 1)),
    ("DATE", {"validation": {"min": "2026-12-31", "max": "2026-01-01"}}, ("validation", "min")),
    ("DATE", {"validation": {"min": "2026-02-30"}}, ("validation", "min")),
]


@pytest.mark.parametrize(("type", "rules", "sent", "words"), RULES)
def test_a_broken_rule_is_told(type: str, rules: dict[str, Any], sent: Any, words: str) -> None:
    with pytest.raises(InvalidAnswer) as refused:
        TYPES[type].read(asked(type, validation=rules), sent)
    assert words in refused.value.words % refused.value.values


@pytest.mark.parametrize(("type", "parts", "place"), HOPELESS)
def test_limits_that_no_answer_meets_are_told(
    type: str, parts: dict[str, Any], place: tuple[Any, ...]
) -> None:
    assert [found for found, _ in TYPES[type].problems(asked(type, **parts))] == [place]


def test_not_knowing_stands_for_the_fewest_that_must_be_chosen() -> None:
    question = asked(
        "MULTIPLE_CHOICE",
        validation={"minSelected": 2},
        options=(*OPTIONS[:2], Option("D", "?", "", None, unknown=True)),
    )
    assert TYPES["MULTIPLE_CHOICE"].read(question, ["D"]) == ["D"]


def test_a_pattern_that_backtracks_elsewhere_is_quick() -> None:
    question = asked("TEXTAREA", validation={"pattern": "(a+)+b"})
    with pytest.raises(InvalidAnswer):
        TYPES["TEXTAREA"].read(question, "a" * 5000)


def test_a_pattern_that_is_none_is_told() -> None:
    (found,) = TYPES["TEXT"].problems(asked("TEXT", validation={"pattern": "(a"}))
    assert found[0] == ("validation", "pattern")
    assert found[1] == "is no pattern: an opened bracket ( is not closed"


@pytest.mark.parametrize(
    "pattern",
    ["(a", "a)", "[a", "*a", "a**", "a{2,1}", "a\\", "\\q", "(?=a)", "(?P<n", "[b-a]", "((a{99}){99}){99}"],
)
def test_a_pattern_that_is_none_is_explained_in_words_of_ours(pattern: str) -> None:
    problem = pattern_problem(pattern)
    assert isinstance(problem, Words)
    assert isinstance(why := problem.values["why"], Words)
    assert why.marked in {words.marked for words in REASONS.values()}


def test_an_own_message_may_hold_a_percent_sign() -> None:
    question = asked("NUMBER", validation={"max": 100, "customMessage": "Not over 100 % please."})
    with pytest.raises(InvalidAnswer) as refused:
        TYPES["NUMBER"].read(question, 101)
    assert refused.value.words % refused.value.values == "Not over 100 % please."


@pytest.mark.parametrize(("answer", "earned", "attainable"), [("A", 10, 10), ("C", 0, 10), ("D", 0, 0)])
def test_a_single_choice_earns_its_option_and_not_knowing_counts_for_nothing(
    answer: str, earned: int, attainable: int
) -> None:
    found = TYPES["SINGLE_CHOICE"].points(asked("SINGLE_CHOICE"), answer)
    assert (found.earned, found.attainable) == (earned, attainable)


@pytest.mark.parametrize(
    ("answer", "earned", "attainable"), [(["A", "B"], 15, 15), (["B"], 5, 15), (["C"], 0, 15), (["D"], 0, 0)]
)
def test_a_multiple_choice_earns_the_sum(answer: list[str], earned: int, attainable: int) -> None:
    found = TYPES["MULTIPLE_CHOICE"].points(asked("MULTIPLE_CHOICE"), answer)
    assert (found.earned, found.attainable) == (earned, attainable)


def test_a_multiple_choice_can_earn_no_more_than_may_be_chosen() -> None:
    question = asked("MULTIPLE_CHOICE", validation={"maxSelected": 1})
    assert TYPES["MULTIPLE_CHOICE"].points(question, None).attainable == 10


@pytest.mark.parametrize(("answer", "earned"), [(0, 5), (3, 5), (3.5, 0), (4, 10), (99, 10)])
def test_a_number_earns_the_points_of_its_range(answer: float, earned: int) -> None:
    question = asked("NUMBER", points=(PointRange(5, max=3), PointRange(10, min=4)))
    assert TYPES["NUMBER"].points(question, answer).earned == earned


def test_each_row_of_a_matrix_earns_its_column_and_an_unknown_row_counts_for_nothing() -> None:
    found = TYPES["MATRIX"].points(asked("MATRIX"), {"r1": "B", "r2": "D"})
    assert (found.earned, found.attainable) == (5, 10)


def test_a_matrix_is_complete_when_each_row_is_answered() -> None:
    assert not TYPES["MATRIX"].is_complete(asked("MATRIX"), {"r1": "A"})


@pytest.mark.parametrize(
    ("mark", "typed", "meant"),
    [
        (".", "10,000", 10_000),
        (".", "1,250,000.5", 1_250_000.5),
        (".", "2,5", 2.5),
        (".", "0,125", 0.125),
        (".", "10.000", 10),
        (",", "10.000", 10_000),
        (",", "1.250.000,5", 1_250_000.5),
        (",", "2.5", 2.5),
        (",", "0.125", 0.125),
        (",", "10,000", 10),
        (",", "10 000", 10_000),
        (",", "10\u2019000", 10_000),
        ("", "2,5", 2.5),  # a page from before there was a mark
    ],
)
def test_thousands_are_read_as_the_language_of_the_page_groups_them(
    mark: str, typed: str, meant: float
) -> None:
    assert from_form(TYPES["NUMBER"], asked("NUMBER"), {"q": [typed], "q.mark": [mark]}) == meant
