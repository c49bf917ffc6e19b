"""What is particular to questions that are answered with files."""

from dataclasses import replace
from typing import Any

import pytest

from files.kinds import KINDS
from scorecard.definition import Suggestion
from scorecard.question_types import TYPES, InvalidAnswer
from scorecard.question_types.file_upload import MEDIA_TYPES, accepted_kinds, largest_megabytes
from scorecard.tests.test_question_types import asked

START = "5d0c1f6a-0000-4000-8000-00000000000"
ONE = {"id": f"{START}1", "name": "plan.pdf", "size": 12, "mimeType": "application/pdf"}
OTHER = {"id": f"{START}2", "name": "house.png", "size": 9, "mimeType": "image/png"}
KIND = TYPES["FILE_UPLOAD"]


def problems(**parts: Any) -> dict[str, str]:
    found = KIND.problems(replace(asked("FILE_UPLOAD"), **parts))
    return {".".join(map(str, path)): words for path, words in found}


def test_authors_name_the_kinds_that_can_be_told_from_the_content() -> None:
    assert {kind.name: kind.media_type for kind in KINDS.values()} == MEDIA_TYPES


def test_one_file_unless_the_author_allows_more() -> None:
    with pytest.raises(InvalidAnswer, match="at most"):
        KIND.read(asked("FILE_UPLOAD"), [ONE, OTHER])
    assert KIND.read(asked("FILE_UPLOAD", validation={"maxFiles": 2}), [ONE, OTHER, ONE]) == [ONE, OTHER]


def test_the_response_of_several_files_is_that_of_the_first_with_the_others() -> None:
    response = KIND.to_response([ONE, OTHER])
    assert response["fileName"] == "plan.pdf"
    assert [other["fileName"] for other in response["others"]] == ["house.png"]
    assert KIND.from_response(response) == [ONE, OTHER]


def test_files_are_told_by_their_names() -> None:
    assert KIND.in_words(asked("FILE_UPLOAD"), [ONE, OTHER]) == "plan.pdf; house.png"


@pytest.mark.parametrize("named", ["pdf", ".PDF", "application/pdf"])
def test_a_kind_may_be_named_by_ending_or_media_type(named: str) -> None:
    assert accepted_kinds(asked("FILE_UPLOAD", validation={"acceptedTypes": [named]})) == ("pdf",)


def test_all_images_may_be_named_at_once() -> None:
    found = accepted_kinds(asked("FILE_UPLOAD", validation={"acceptedTypes": ["image/*"]}))
    assert found == ("png", "jpg", "gif", "webp", "heic")


def test_the_smaller_of_two_limits_counts() -> None:
    question = asked("FILE_UPLOAD", validation={"maxSize": 2.5})
    assert largest_megabytes(question, 10) == 2.5
    assert largest_megabytes(question, 1) == 1


@pytest.mark.parametrize(
    ("parts", "place"),
    [
        ({"validation": {"acceptedTypes": ["exe"]}}, "validation.acceptedTypes.0"),
        ({"validation": {"acceptedTypes": "pdf"}}, "validation.acceptedTypes"),
        ({"validation": {"maxSize": 5_242_880}}, "validation.maxSize"),
        ({"validation": {"maxFiles": 11}}, "validation.maxFiles"),
        ({"scored": True}, "scored"),
        ({"personal": False}, "personal"),
        ({"default": [ONE]}, "default"),
        ({"suggested": Suggestion([ONE])}, "suggested"),
    ],
)
def test_what_an_author_cannot_mean_is_named(parts: dict[str, Any], place: str) -> None:
    assert place in problems(**parts)
