"""What was published and finished before questions could adapt opens, scores and prints the same.

The golden file was written by the release before. It holds the frozen definition of that time, and for some
sets of answers the score, the transcript, the way up and the data of the report in both languages.
"""

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from assessments.models import Assessment
from assessments.results.report import Report, report_data
from assessments.results.result import result_of
from assessments.results.transcript import transcript
from assessments.tests.factories import AssessmentFactory
from scorecard.definition import Definition, freeze, parse
from scorecard.models import QuestionnaireVersion
from scorecard.scoring import score
from scorecard.tests.factories import QuestionnaireFactory

GOLDEN = Path(__file__).parent / "golden/before_questions_adapt.json"
GOLD: dict[str, Any] = json.loads(GOLDEN.read_text())
CASES = [pytest.param(case, id=case["name"]) for case in GOLD["cases"]]


@pytest.fixture
def old_version(db: None) -> QuestionnaireVersion:
    return QuestionnaireVersion.objects.create(
        questionnaire=QuestionnaireFactory.create(key="ai_reality_check"),
        number=1,
        definition=GOLD["definition"],
        checksum=GOLD["checksum"],
    )


def finished(version: QuestionnaireVersion, answers: dict[str, str]) -> Assessment:
    return AssessmentFactory.create(
        version=version,
        answers=answers,
        email="ada@engines.example",
        completed_at=datetime(2026, 11, 28, 12, tzinfo=UTC),
    )


def scored(definition: Definition, answers: dict[str, str]) -> dict[str, Any]:
    result = score(definition, answers)
    return {"total": result.total, "areas": dict(result.areas), "category": result.category}


def told(definition: Definition, answers: dict[str, str]) -> list[list[Any]]:
    """The transcript, one list a line."""
    return [
        [
            *(area.key, area.score, area.weight_percent, line.question.key, line.answer, line.points),
            *(line.attainable, line.percent, str(line.cost), line.best and line.best.id),
        ]
        for area in transcript(definition, answers, score(definition, answers).areas)
        for line in area.lines
    ]


def printed(assessment: Assessment, language: str) -> Any:
    with translation.override(language):
        return json.loads(json.dumps(report_data(Report(result_of(assessment, language), briefing=True))))


def content_of(report: dict[str, Any]) -> dict[str, Any]:
    """What the answers determine, without the words that the product puts around it."""
    same = {name: report[name] for name in ("total", "category", "message", "gauge", "radar", "answers")}
    return same | {
        "areas": [(area["name"], area["score"]) for area in report["areas"]],
        "changes": report["way_up"] and report["way_up"]["changes"],
        "advice": [
            [advice[part] for part in ("level", "area", "title", "description", "actions")]
            for advice in report["advice"]
        ],
    }


def test_the_frozen_definition_of_before_is_read_and_written_unchanged() -> None:
    assert freeze(parse(GOLD["definition"])) == GOLD["definition"]
    canonical = json.dumps(freeze(parse(GOLD["definition"])), sort_keys=True, separators=(",", ":"))
    assert hashlib.sha256(canonical.encode()).hexdigest() == GOLD["checksum"]


@pytest.mark.parametrize("case", CASES)
def test_an_old_assessment_scores_the_same(case: dict[str, Any]) -> None:
    assert scored(parse(GOLD["definition"]), case["answers"]) == case["score"]


@pytest.mark.parametrize("case", CASES)
def test_the_transcript_of_an_old_assessment_says_the_same(case: dict[str, Any]) -> None:
    assert told(parse(GOLD["definition"]), case["answers"]) == case["transcript"]


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("case", CASES)
def test_the_report_of_an_old_assessment_says_the_same(
    old_version: QuestionnaireVersion, case: dict[str, Any], language: str
) -> None:
    report = printed(finished(old_version, case["answers"]), language)
    assert content_of(report) == content_of(case["report"][language])
