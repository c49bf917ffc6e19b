"""The funnel of a period, its questions and answers, and the leads behind a bar."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.tests.people import member
from assessments.lifecycle.ended_sessions import end_unfinished
from assessments.models import Assessment
from assessments.statistics.metrics import metric_panels
from assessments.tests.factories import AssessmentFactory, SessionFactory
from assessments.tests.test_adaptive_api import ANSWERS, Api, api, everything
from leads.figures.counting import figures_of
from leads.figures.period import Span
from leads.figures.questions import histogram
from leads.figures.segment import Segment
from leads.models import ContactOutcome
from leads.working import record_outcome
from scorecard.definition import Definition
from scorecard.models import QuestionnaireVersion

__all__ = ["api", "everything"]  # fixtures

pytestmark = pytest.mark.django_db

FIGURES = "/admin/leads/lead/figures/"


def around_today() -> Span:
    today = timezone.now().date()
    return Span(today - timedelta(days=1), today + timedelta(days=1))


def figures(**options: Any) -> dict[str, Any]:
    return figures_of(around_today(), Segment(**options))


@pytest.fixture
def give_up(version: QuestionnaireVersion) -> Any:
    """Give an assessment up after so many saved pages, with these answers."""

    def given_up(step: int, **fields: Any) -> Assessment:
        session = SessionFactory.create(version=version, current_step=step, **fields)
        end_unfinished([session])
        return Assessment.objects.get(pk=session.assessment.pk)

    return given_up


@pytest.fixture
def ended(give_up: Any, hot_lead: Assessment, version: QuestionnaireVersion) -> None:
    """Six: given up on page 1, twice on page 3, and after the last; a lead, and one without an address."""
    for step in (0, 2, 2, 4):
        give_up(step)
    AssessmentFactory.create(version=version, answers="A")
    SessionFactory.create(version=version, current_step=3)  # still open


@pytest.mark.usefixtures("ended")
def test_the_funnel_leads_from_the_start_over_each_page_to_the_qualified_lead() -> None:
    found = {row["stage"]: (row["reached"], row["left"]) for row in figures()["funnel"]}
    assert found == {
        "started": (6, None),
        "page 1": (6, 1),
        "page 2": (5, 0),
        "page 3": (5, 2),
        "page 4": (3, 0),
        "end": (3, 1),
        "finished": (2, None),
        "address": (1, None),
        "name": (1, None),
        "company": (1, None),
        "phone": (1, None),
        "qualified": (1, None),
    }


@pytest.mark.usefixtures("ended")
def test_stages_are_told_in_percent_of_the_start_and_leaving_of_those_who_came() -> None:
    (third,) = [row for row in figures()["funnel"] if row["stage"] == "page 3"]
    assert (third["reached_rate"], third["left_rate"]) == (83.3, 40.0)


@pytest.mark.usefixtures("ended")
def test_funnel_and_dashboard_say_the_same_of_where_people_leave() -> None:
    of_dashboard = metric_panels(timezone.now(), "last_steps")["last_steps"].rows
    found = [(row["reached"], row["left"]) for row in figures()["funnel"] if row["left"]]
    assert found == [(step.reached, step.left) for step in of_dashboard]


@pytest.mark.usefixtures("ended")
def test_the_funnel_is_that_of_plain_sql() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT page, count(*) FILTER (WHERE completed_at IS NOT NULL OR last_step >= page - 1),
                   count(*) FILTER (WHERE completed_at IS NULL AND last_step = page - 1)
            FROM assessments CROSS JOIN generate_series(1, 5) AS page GROUP BY page ORDER BY page
            """
        )
        counted = [row[1:] for row in cursor.fetchall()]
    assert [
        (row["reached"], row["left"]) for row in figures()["funnel"] if row["left"] is not None
    ] == counted


def test_a_period_in_which_nothing_ended_has_no_funnel(version: QuestionnaireVersion) -> None:
    SessionFactory.create(version=version)
    assert figures()["funnel"] == []


def test_giving_up_records_the_last_step_and_leaves_what_hubspot_refused(give_up: Any) -> None:
    assessment = give_up(2)
    assert (assessment.last_step, assessment.hubspot_sync_status) == (2, "skipped")
    session = SessionFactory.create(assessment__hubspot_sync_status="failed")
    end_unfinished([session])
    assert Assessment.objects.get(pk=session.assessment.pk).hubspot_sync_status == "failed"


def test_a_question_says_who_came_answered_and_left(
    give_up: Any, hot_lead: Assessment, definition: Definition
) -> None:
    first, second = (question.key for question in definition.pages[0].questions[:2])
    third = definition.pages[1].questions[0].key
    give_up(0, responses={first: "B"}, time_spent={first: 7})
    found = {row["question"]: row for row in figures()["questions"]}
    assert list(found) == list(definition.questions)
    assert found[first] == {
        "question": first,
        "reached": 2,
        "answered": 2,
        "left": 0,
        "median_seconds": 7.0,
    }
    assert (found[second]["reached"], found[second]["answered"], found[second]["left"]) == (2, 1, 1)
    assert (found[third]["reached"], found[third]["answered"], found[third]["left"]) == (1, 1, 0)


def test_answers_are_counted_as_plain_sql_counts_them(
    give_up: Any, hot_lead: Assessment, cold_lead: Assessment, version: QuestionnaireVersion
) -> None:
    AssessmentFactory.create(version=version, answers="A")
    AssessmentFactory.create(version=version, answers="B", doubts=["robot"])
    give_up(1, responses={"governance_1": "B"})
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT question_key, value ->> 'selectedOptionId', count(*)
            FROM responses JOIN assessments AS run ON run.id = assessment_id
            WHERE run.doubts = '{}' GROUP BY 1, 2
            """
        )
        counted = set(cursor.fetchall())
    rows = figures()["answers"]
    assert {(row["question"], row["answer"], row["answered"]) for row in rows} == counted
    shares = {row["answer"]: row["answered_rate"] for row in rows if row["question"] == "governance_1"}
    assert shares == {"A": 50.0, "D": 25.0, "B": 25.0}


def test_options_tables_and_ratings_are_counted_and_typed_answers_are_not(api: Api) -> None:
    api.save(**ANSWERS)
    api("submit")
    found = figures(marked=True)
    answers = {(row["question"], row["answer"]) for row in found["answers"]}
    assert {("kinds", "browser"), ("kinds", "unit"), ("parts", "looks:bad"), ("trust", "9")} <= answers
    assert not {"name", "people", "lead"} & {question for question, _ in answers}
    typed = {row["question"]: row for row in found["questions"]}["name"]
    assert (typed["answered"], typed["left"]) == (1, None)


def test_few_numbers_have_a_bar_each_and_many_ten_ranges() -> None:
    assert list(histogram(Counter({3: 2, 1.5: 1}))) == [("1.5", 1), ("3", 2)]
    many = list(histogram(Counter(dict.fromkeys(range(101), 2))))
    assert [name for name, _ in many][:2] == ["0 - 10", "10 - 20"]
    assert [count for _, count in many] == [20] * 9 + [22]


def test_more_assessments_ask_no_more_queries(give_up: Any, version: QuestionnaireVersion) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            figures()
        return len(captured)

    give_up(1, responses={"governance_1": "B"})
    AssessmentFactory.create(version=version, email="a@example.com")
    figures()  # reads the version once
    few = queries()
    for step in range(4):
        give_up(step)
        AssessmentFactory.create(version=version, email=f"{step}@example.com", language="de")
    assert queries() == few


@pytest.fixture
def sold(version: QuestionnaireVersion) -> Assessment:
    """A lead that differs from another in all that a bar may count."""
    sold = AssessmentFactory.create(
        version=version,
        ada=True,
        answers="D",
        language="de",
        browser_info={"device": "tablet"},
        utm={"utm_campaign": "spring"},
        referrer_source="news.example",
    )
    AssessmentFactory.create(version=version, email="b@example.com", answers="A")
    record_outcome(sold.pk, ContactOutcome.WON, by=member("Sales"))
    Assessment.objects.filter(pk=sold.pk).update(hubspot_sync_status="synced")
    return sold


def links(client: Client, table: str, **query: str) -> dict[str, str]:
    """The links of a table by the words of their rows."""
    span = around_today()
    page = client.get(FIGURES, {"from": f"{span.first}", "until": f"{span.last}", **query})
    (rows,) = [each["rows"] for each in page.context["tables"] if each["key"] == table]
    return {str(cells[0]): link for cells, _, link, _ in rows}


@pytest.mark.parametrize(
    ("table", "row"),
    [
        ("funnel", "Qualified"),
        ("sources", "news.example"),
        ("campaigns", "spring"),
        ("languages", "Deutsch"),
        ("devices", "Tablet"),
        ("qualities", "Briefing qualified"),
        ("outcomes", "Won"),
        ("deliveries", "In HubSpot"),
    ],
)
def test_a_bar_leads_to_the_leads_behind_it(
    admin_client: Client, sold: Assessment, table: str, row: str
) -> None:
    listed = admin_client.get(links(admin_client, table)[row]).context["cl"].queryset
    assert [lead.pk for lead in listed] == [sold.pk]


@pytest.mark.parametrize("table", ["scores", "owners", "categories"])
def test_every_bar_of_scores_categories_and_owners_leads_somewhere(
    admin_client: Client, sold: Assessment, table: str
) -> None:
    found = [admin_client.get(link).context["cl"].queryset for link in links(admin_client, table).values()]
    assert [sold.pk] in [[lead.pk for lead in listed] for listed in found]


def test_the_segment_and_what_is_left_out_come_along(admin_client: Client, sold: Assessment) -> None:
    link = links(admin_client, "qualities", language="de")["Briefing qualified"]
    assert "language=de" in link
    assert "doubts=none" in link
    assert "doubts" not in links(admin_client, "qualities", marked="1")["Briefing qualified"]


def test_a_segment_that_the_list_cannot_show_has_no_links(admin_client: Client, sold: Assessment) -> None:
    assert set(links(admin_client, "languages", campaign="spring").values()) != {""}
    for name, value in {"variant": "colour:red", "quality": "-", "questionnaire": "gone"}.items():
        assert set(links(admin_client, "scores", **{name: value}).values()) == {""}


@pytest.mark.usefixtures("ended")
def test_stages_and_answers_are_shown_in_words(admin_client: Client, definition: Definition) -> None:
    first = definition.pages[0]
    assert f"Page 1: {first.name}" in links(admin_client, "funnel")
    assert {option.label for option in first.questions[0].options} & set(links(admin_client, "answers"))
    page = admin_client.get(FIGURES).content.decode()
    assert f"<summary>{first.questions[0].text} <small>" in page
