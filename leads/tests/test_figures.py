"""Figures of any period and segment, and what they are compared with."""

import json
import re
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.models import User
from accounts.tests.people import logged_in, member
from assessments.models import Assessment
from assessments.statistics.dictionary import NUMBERS, TABLES
from assessments.tests.factories import AssessmentFactory, OpenAssessmentFactory, SessionFactory
from leads.figures.counting import figures_of
from leads.figures.landing import views_in
from leads.figures.period import Span, read_span
from leads.figures.segment import Segment
from leads.figures.weekly import send_weekly_summary
from leads.models import ContactOutcome, LeadWork
from leads.working import record_outcome
from privacy.clearing.scrub import scrub
from scorecard.models import QuestionnaireVersion
from scorecard.published_names import band_names, question_texts, section_names

FIGURES = "/admin/leads/lead/figures/"
NOVEMBER = Span(date(2026, 11, 1), date(2026, 11, 30))
OF_NOVEMBER = {"from": "2026-11-01", "until": "2026-11-30"}


@pytest.mark.parametrize(
    ("first", "last", "before", "year"),
    [
        ("2026-11-01", "2026-11-30", ("2026-10-01", "2026-10-31"), ("2025-11-01", "2025-11-30")),
        ("2026-11-10", "2026-11-19", ("2026-10-31", "2026-11-09"), ("2025-11-10", "2025-11-19")),
        ("2024-02-01", "2024-02-29", ("2024-01-01", "2024-01-31"), ("2023-02-01", "2023-02-28")),
        ("2026-01-01", "2026-03-31", ("2025-10-01", "2025-12-31"), ("2025-01-01", "2025-03-31")),
        ("2024-02-29", "2024-02-29", ("2024-02-28", "2024-02-28"), ("2023-02-28", "2023-02-28")),
    ],
)
def test_periods_are_compared_with_as_many_days_or_whole_months(
    first: str, last: str, before: tuple[str, str], year: tuple[str, str]
) -> None:
    span = Span(date.fromisoformat(first), date.fromisoformat(last))
    assert tuple(str(day) for day in (span.before().first, span.before().last)) == before
    assert tuple(str(day) for day in (span.year_before().first, span.year_before().last)) == year


def test_months_may_be_named() -> None:
    assert read_span("2026-10", "2026-11", date(2026, 11, 28)) == Span(date(2026, 10, 1), date(2026, 11, 30))


@pytest.mark.parametrize(("first", "last"), [("2026-11-02", "2026-11-01"), ("1990-01", ""), ("x", "")])
def test_what_is_no_period_is_refused(first: str, last: str) -> None:
    with pytest.raises(ValueError, match=r"period|Invalid"):
        read_span(first, last, date(2026, 11, 28))


@pytest.fixture
def finished(version: QuestionnaireVersion) -> Any:
    def make(day: int, **fields: Any) -> Assessment:
        start = datetime(2026, 11, day, 9, tzinfo=UTC)
        fields = {"answers": "C", "completed_at": start + timedelta(minutes=8), "created_at": start} | fields
        return AssessmentFactory.create(version=version, **fields)

    return make


@pytest.fixture
def november(finished: Any, version: QuestionnaireVersion) -> None:
    finished(2, email="a@example.com", answers="D", referrer_source="news.example", language="de")
    finished(3, email="b@example.com", first_name="B", company="B AG", completion_time_seconds=600)
    finished(3, referrer_source="news.example", completion_time_seconds=4)
    finished(4, email="c@example.com", doubts=["robot"])
    OpenAssessmentFactory.create(version=version, created_at=datetime(2026, 11, 5, tzinfo=UTC))
    SessionFactory.create(version=version)
    Assessment.objects.filter(session__isnull=False).update(created_at=datetime(2026, 11, 6, tzinfo=UTC))


@pytest.mark.usefixtures("november")
def test_every_number_has_a_definition_and_every_definition_a_number(db: None) -> None:
    assert set(figures_of(NOVEMBER, Segment())) == {*NUMBERS, *TABLES}


@pytest.mark.usefixtures("november")
def test_the_numbers_are_those_of_plain_sql(db: None) -> None:
    found = figures_of(NOVEMBER, Segment())
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT count(*), count(completed_at), round(avg(total_score), 1)::float, count(email),
                   count(*) FILTER (WHERE qualified_for_briefing),
                   percentile_cont(0.5) WITHIN GROUP (ORDER BY completion_time_seconds)
                       FILTER (WHERE completion_time_seconds BETWEEN 60 AND 1800)
            FROM assessments WHERE created_at >= '2026-11-01' AND created_at < '2026-12-01' AND doubts = '{}'
            """
        )
        row = cursor.fetchone()
    keys = ("started", "finished", "average_score", "address", "qualified", "median_seconds")
    assert tuple(found[key] for key in keys) == row
    assert (found["started"], found["finished"]) == (5, 3)
    assert found["rate"] == 75.0  # one of the five is still open


@pytest.mark.usefixtures("november")
def test_a_segment_and_marked_ones_can_be_chosen(db: None) -> None:
    def started(marked: bool = False, **values: str) -> int:
        chosen = Segment({name: (value,) for name, value in values.items()}, marked=marked)
        return int(figures_of(NOVEMBER, chosen)["started"])

    assert started(language="de") == 1
    assert started(source="news.example") == 2
    assert started(source="-") == 3
    assert started(marked=True) == 6
    assert started(quality="basic") == 0
    assert started(device="mobile") == 3
    assert Segment().left_out(NOVEMBER) == 1


@pytest.mark.usefixtures("november")
def test_tables_add_up_to_the_numbers(db: None) -> None:
    found = figures_of(NOVEMBER, Segment())
    for table in ("scores", "categories"):
        assert sum(row["finished"] for row in found[table]) == found["finished"]
    for table in ("days", "sources"):
        assert sum(row["started"] for row in found[table]) == found["started"]
    assert {row["question"]: row["answered"] for row in found["questions"]}["governance_1"] == 3
    assert len(found["areas"]) == 4


def test_a_day_says_how_many_of_its_leads_were_delivered_and_mailed(finished: Any) -> None:
    delivered, _ = (finished(2, email=email) for email in ("a@example.com", "b@example.com"))
    Assessment.objects.filter(pk=delivered.pk).update(
        hubspot_sync_status="synced", email_delivery_status="sent"
    )
    finished(2)
    (day,) = figures_of(NOVEMBER, Segment())["days"]
    assert day == {
        "day": "2026-11-02",
        "started": 3,
        "finished": 3,
        "leads": 2,
        "delivered": 1,
        "mailed": 1,
    }


def test_speed_and_conversion_are_told_by_owner(finished: Any) -> None:
    sam = member("Sales")
    lead = finished(2, email="a@example.com")
    record_outcome(lead.pk, ContactOutcome.WON, by=sam)
    LeadWork.objects.update(first_contact_at=lead.completed_at + timedelta(minutes=7))
    found = figures_of(NOVEMBER, Segment())
    (row,) = found["owners"]
    assert (row["owner"], row["speed_seconds"], row["won_rate"]) == (sam.get_full_name(), 420, 100.0)
    assert found["sources"][0]["won_rate"] == 100.0


@pytest.mark.usefixtures("november")
def test_a_scrub_changes_no_figure(db: None) -> None:
    before = figures_of(NOVEMBER, Segment())
    Assessment.objects.filter(completed_at__isnull=False).update(hubspot_sync_status="synced")
    synced = figures_of(NOVEMBER, Segment())
    Assessment.objects.update(created_at=timezone.now() - timedelta(days=40))
    Assessment.objects.update(created_at=timezone.now() - timedelta(days=40))
    span = read_span("", "", (timezone.now() - timedelta(days=35)).date())
    earlier = figures_of(span, Segment())
    scrub()
    assert figures_of(span, Segment()) == earlier
    assert before["finished"] == synced["finished"] == earlier["finished"]


@pytest.mark.usefixtures("november")
def test_the_page_shows_figures_definitions_and_changes(admin_client: Client) -> None:
    page = admin_client.get(FIGURES, {"from": "2026-11-01", "until": "2026-11-30", "compare": "before"})
    text = page.content.decode()
    for words in (
        "Completion rate",
        NUMBERS["rate"].definition,
        "75.0 %",
        "1 October 2026",
        "1 doubtful one",
    ):
        assert words in text
    assert "category=" in text


@pytest.mark.usefixtures("november")
def test_areas_categories_and_questions_have_names(admin_client: Client) -> None:
    tables = {
        table["key"]: table["rows"] for table in admin_client.get(FIGURES, OF_NOVEMBER).context["tables"]
    }
    assert {cells[0] for cells, *_ in tables["areas"]} == set(section_names().values())
    assert {cells[0] for cells, *_ in tables["categories"]} <= set(band_names().values())
    assert {cells[0] for cells, *_ in tables["questions"]} <= set(question_texts().values())


@pytest.mark.usefixtures("november")
@pytest.mark.usefixtures("november")
def test_the_bar_of_an_area_is_as_long_as_its_score(admin_client: Client) -> None:
    tables = {table["key"]: table for table in admin_client.get(FIGURES, OF_NOVEMBER).context["tables"]}
    averages = [row["average_score"] for row in figures_of(NOVEMBER, Segment())["areas"]]
    assert [row[1] for row in tables["areas"]["rows"]] == [round(average) for average in averages]
    assert max(averages) < 100


def test_the_form_asks_for_the_same_period_in_every_language(admin_client: Client) -> None:
    page = admin_client.get(FIGURES, {**OF_NOVEMBER, "lang": "de"}).content.decode()
    names = re.findall(r'<input id="(?:from|until)" name="(\w+)" type="date" value="(2026-11-\d\d)"', page)
    assert dict(names) == OF_NOVEMBER


@pytest.mark.usefixtures("november")
def test_what_cannot_be_read_is_said_and_the_last_30_days_are_shown(admin_client: Client) -> None:
    page = admin_client.get(FIGURES, {"from": "2026-13-45"})
    assert page.status_code == 200
    assert "Write days as 2026-11-28" in page.content.decode()


@pytest.mark.usefixtures("november")
def test_page_command_and_json_say_the_same(admin_client: Client) -> None:
    asked = {"from": "2026-11", "until": "2026-11", "compare": "year", "language": "de"}
    found = admin_client.get("/admin/leads/lead/figures.json", asked).json()
    said = StringIO()
    options = {"first": "2026-11", "until": "2026-11", "compare": "year", "segment": ["language=de"]}
    call_command("figures", **options, stdout=said)
    assert json.loads(said.getvalue()) == found
    assert found["figures"]["started"] == 1


@pytest.mark.django_db
def test_a_segment_that_does_not_exist_is_named() -> None:
    with pytest.raises(CommandError, match="NAME=VALUE"):
        call_command("figures", segment=["colour=red"])


def test_figures_are_for_those_who_see_leads(db: None, client: Client) -> None:
    editor = User.objects.create_user("e@example.com", is_staff=True)
    client.force_login(editor)
    assert client.get(FIGURES).status_code in (302, 403)


@pytest.mark.usefixtures("november")
def test_the_weekly_summary_is_mailed_once_to_sales_leads(
    settings: Settings, mailoutbox: list[EmailMessage]
) -> None:
    settings.MAIL_IS_SET_UP = True
    monday = datetime(2026, 11, 9, 6, tzinfo=UTC)
    member("Sales")
    assert not send_weekly_summary(monday)  # nobody leads
    lead = member("Sales lead")
    assert send_weekly_summary(monday)
    assert not send_weekly_summary(monday + timedelta(hours=1))
    (mail,) = mailoutbox
    assert mail.bcc == [lead.email]
    assert "2 November to 8 November 2026" in mail.body
    assert "5 started, 3 finished (3 more than the week before)." in mail.body
    assert "example.com" not in mail.body.replace(lead.email, "")


@pytest.mark.usefixtures("november")
def test_each_reads_the_weekly_summary_in_the_language_of_their_back_office(
    settings: Settings, mailoutbox: list[EmailMessage]
) -> None:
    settings.MAIL_IS_SET_UP = True
    member("Sales lead")
    karla = User.objects.create_superuser("karla@example.com")
    logged_in(karla).get("/admin/", headers={"accept-language": "de"})
    assert send_weekly_summary(datetime(2026, 11, 9, 6, tzinfo=UTC))
    german, english = sorted(mailoutbox, key=lambda mail: str(mail.bcc))
    assert (german.bcc, german.subject) == (["karla@example.com"], "Ihre Leads in Woche 45")
    assert "2. November bis 8. November 2026" in german.body
    assert "5 begonnen, 3 abgeschlossen (3 mehr als in der Woche davor)." in german.body
    assert english.bcc == ["sales lead@example.com"]


def test_a_summary_that_was_not_mailed_is_tried_again(settings: Settings, db: None) -> None:
    settings.MAIL_IS_SET_UP = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    member("Sales lead")
    for _ in range(2):
        with pytest.raises(OSError, match="refused"):
            send_weekly_summary(datetime(2026, 11, 9, 6, tzinfo=UTC))


def test_the_assessments_and_the_work_on_them_are_read_once(hot_lead: Assessment) -> None:
    """Apart from means of areas and from answers."""
    span = read_span("", "", timezone.now().date())
    views = views_in(span, Segment())
    with CaptureQueriesContext(connection) as asked:
        figures_of(span, Segment(), views)
    of_work = [query for query in asked if "lead_work" in query["sql"]]
    of_assessments = [query for query in asked if "created_at" in query["sql"]]
    assert (len(of_work), len(of_assessments)) == (1, 5)
