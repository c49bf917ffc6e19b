"""The report to keep: what it says, to whom, and that nothing typed is ever read as markup."""

import io
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from constance.test import override_config
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import translation
from pypdf import PdfReader

from assessments.models import Assessment
from assessments.results.insight_words import insight_in_words
from assessments.results.report import Report, breakable, render_report
from assessments.results.result import Result, result_of
from assessments.tests.browsing import finish, start
from branding.palette import LIGHT, nearest_readable
from scorecard.definition import Definition
from web import rate_limits

pytestmark = pytest.mark.django_db

MARKUP = '#panic("read") *b* $x$ @ref <label> \\ // /* [`raw`] #read("/etc/passwd") "},{"'


@pytest.fixture
def result(hot_lead: Assessment) -> Result:
    return result_of(hot_lead)


def read(pdf: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(pdf))


def text_of(pdf: bytes) -> str:
    """All that it says, in single spaces."""
    return " ".join(" ".join(page.extract_text() for page in read(pdf).pages).split())


def url(assessment: Assessment) -> str:
    return reverse("assessments:report", args=[assessment.pk])


def test_it_says_what_the_result_page_says(result: Result) -> None:
    text = text_of(render_report(Report(result)))
    assert result.way_up
    said = [
        result.band.name,
        str(result.total),
        *insight_in_words(result.insight).lines,
        *result.band.next_steps,
        *(area.name for area in result.areas),
        *(advice.title for advice in result.advice),
        *(action for advice in result.advice for action in advice.action_items),
        *(change.after.label for change in result.way_up.changes),
        *(line.answer for area in result.answers for line in area.lines),
    ]
    assert [words for words in said if " ".join(words.split()) not in text] == []


def test_recommendations_stay_locked_without_an_address(result: Result) -> None:
    assert result.advice[0].title not in text_of(render_report(Report(result, unlocked=False)))


def test_it_is_tagged_for_whoever_cannot_see_it(result: Result) -> None:
    pdf = read(render_report(Report(result)))
    root: Any = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert result.band.name in str(pdf.metadata and pdf.metadata.title)
    assert promises_to_be_accessible(pdf)


def promises_to_be_accessible(pdf: PdfReader) -> bool:
    root: Any = pdf.trailer["/Root"]
    return b"pdfuaid:part" in root["/Metadata"].get_data()


def test_the_charts_are_said_in_words(result: Result) -> None:
    structure = [str(each) for each in objects(read(render_report(Report(result)))) if "/Alt" in each]
    assert any(f"{result.band.name}: {result.total} of 100" in each for each in structure)
    assert any(f"{result.areas[-1].name}: {result.areas[-1].score} of 100" in each for each in structure)


def objects(pdf: PdfReader) -> list[dict[str, Any]]:
    size: Any = pdf.trailer["/Size"]
    found: list[Any] = [pdf.get_object(number) for number in range(1, size)]
    return [each for each in found if isinstance(each, dict)]


def test_every_letter_comes_with_it(result: Result) -> None:
    fonts = [
        each
        for each in objects(read(render_report(Report(result))))
        if each.get("/Type") == "/FontDescriptor"
    ]
    assert fonts
    assert all({"/FontFile2", "/FontFile3"} & set(each) for each in fonts)


def test_a_name_is_never_read_as_markup(result: Result) -> None:
    text = text_of(render_report(Report(result, made_for=MARKUP)))
    assert MARKUP.replace(" ", "") in text.replace(" ", "")


@pytest.mark.parametrize("name", ["株式会社", "🚀 Rockets", "مصنع", "x" * 120, "\u202eevil", "a\0b"])
def test_no_name_keeps_anybody_from_the_report(result: Result, name: str) -> None:
    assert result.band.name in text_of(render_report(Report(result, made_for=name)))


def test_a_name_that_cannot_be_drawn_is_said_to_be_left_out(result: Result) -> None:
    text = text_of(render_report(Report(result, made_for="株式会社")))
    assert "name is left out" in " ".join(text.split())
    assert "name is left out" not in " ".join(text_of(render_report(Report(result))).split())


def test_a_long_word_is_broken_at_the_edge_of_the_page(result: Result) -> None:
    assert breakable("W" * 41) == f"{'W' * 20}\u200b{'W' * 20}\u200bW"
    page = read(render_report(Report(result, made_for="W" * 120))).pages[0]
    lines = [line for line in page.extract_text().splitlines() if "WWW" in line]
    assert len(lines) > 1


def test_a_brand_in_a_script_that_the_fonts_lack_costs_the_promise_and_not_the_report(
    result: Result,
) -> None:
    with override_config(BRAND_NAME="株式会社"):
        pdf = render_report(Report(result))
    assert result.band.name in text_of(pdf)
    assert not promises_to_be_accessible(read(pdf))


@pytest.mark.parametrize("option", ["A", "E"])
def test_the_best_and_the_worst_result_can_be_drawn(
    client: Client, definition: Definition, option: str
) -> None:
    run = finish(client, definition, option)
    assert run.score_category
    text = text_of(render_report(Report(result_of(run), briefing=True)))
    assert definition.band(run.score_category).name in text


def test_page_and_report_offer_the_calendar_with_every_score(client: Client, definition: Definition) -> None:
    link = "https://calendar.example/briefing"
    with override_config(BRAND_CALENDAR_LINK=link):
        for option in "DA":
            browser = Client()
            run = finish(browser, definition, option, email=f"{option}@engines.example")
            page = browser.get(reverse("assessments:results", args=[run.pk])).content.decode()
            places = [str(each) for each in objects(read(browser.get(url(run)).content))]
            assert (link in page, any(link in each for each in places)) == (True, True)


def test_on_paper_there_is_a_way_to_the_operator_with_and_without_settings(result: Result) -> None:
    assert "ask us for a call on your result page" in text_of(render_report(Report(result)))
    with override_config(ADVISER_PHONE="+49 30 12 34"):
        text = text_of(render_report(Report(result)))
    assert "Call us: +49 30 12 34" in text
    assert "ask us for a call on your result page" not in text


def test_it_speaks_the_language_of_the_page(hot_lead: Assessment) -> None:
    with translation.override("de"):
        pdf = render_report(Report(result_of(hot_lead, "de")))
    root: Any = read(pdf).trailer["/Root"]
    assert root["/Lang"] == "de"
    assert result_of(hot_lead, "de").band.name in text_of(pdf)
    assert "Was in 30, 60 und 90 Tagen zu tun ist" in text_of(pdf)


def test_what_falls_back_to_another_language_is_marked_with_it(result: Result) -> None:
    assert languages_of(render_report(Report(result))) == {"en"}
    with translation.override("de"):
        assert languages_of(render_report(Report(result))) == {"de", "en"}


def languages_of(pdf: bytes) -> set[str]:
    return {str(each["/Lang"]) for each in objects(read(pdf)) if "/Lang" in each}


def test_charts_have_the_colour_of_the_category_and_links_that_of_the_brand(
    result: Result,
) -> None:
    with override_config(BRAND_PRIMARY_LIGHT="#a01060", BRAND_CALENDAR_LINK="https://calendar.example/"):
        pages = read(render_report(Report(result, briefing=True))).pages
    drawn = [found.get_data() for page in pages if (found := page.get_contents()) is not None]
    assert color(nearest_readable("accent", LIGHT, result.band.color)) in drawn[1], "the gauge"
    assert color("#a01060") in b"".join(drawn), "the tags of recommendations"


def color(name: str) -> bytes:
    """As a PDF says it, to seven digits."""
    return b" ".join(b"%.7g" % (int(name[at : at + 2], 16) / 255) for at in (1, 3, 5))


def test_areas_and_recommendations_carry_their_priority(result: Result) -> None:
    text = text_of(render_report(Report(result)))
    assert f"25% of the total · {result.advice[0].level_label}" in text
    assert f"{result.advice[0].level_label} {result.advice[0].section_name}" in text


def test_several_at_once_are_all_made(result: Result) -> None:
    def made(_: int) -> bytes:
        try:
            return render_report(Report(result))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        papers = list(pool.map(made, range(8)))
    assert {paper[:5] for paper in papers} == {b"%PDF-"}


def test_the_result_page_offers_it_as_a_file(client: Client, definition: Definition) -> None:
    run = finish(client, definition, "C", email="ada@engines.example")
    assert url(run) in client.get(reverse("assessments:results", args=[run.pk])).content.decode()
    answer = client.get(url(run))
    assert answer["Content-Type"] == "application/pdf"
    assert answer["X-Robots-Tag"] == "noindex"
    assert "no-store" in answer["Cache-Control"]
    assert answer["Content-Disposition"] == 'attachment; filename="ai-reality-check-40.pdf"'


def test_whoever_downloads_it_finds_the_company_on_it(client: Client, definition: Definition) -> None:
    run = finish(client, definition, "C")
    details = {"email": "ada@engines.example", "company": "Analytical *Engines*"}
    client.post(reverse("assessments:contact", args=[run.pk]), details)
    assert "Analytical *Engines*" in text_of(client.get(url(run)).content)


def test_nobody_else_gets_it(client: Client, definition: Definition) -> None:
    run = finish(client, definition, "C")
    other = Client()
    assert other.get(url(run)).status_code == 404
    start(other)
    assert other.get(url(run)).status_code == 404


def test_it_counts_as_a_look_at_the_result(
    client: Client, definition: Definition, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = finish(client, definition, "C")
    spent: list[str] = []
    monkeypatch.setattr(rate_limits, "enforce_limit", lambda action, key: spent.append(action))
    client.get(url(run))
    assert spent == ["result_views"]
