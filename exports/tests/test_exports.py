"""Exports: the current view as a file, in the background, for whoever may, and for a day."""

import csv
import io
import zipfile
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.tests.people import VERIFIED, logged_in, member
from assessments.models import Assessment
from assessments.tests.factories import AssessmentFactory
from audit.models import SystemLog
from exports.cells import defused, plain
from exports.models import Export, ExportBatch, ExportChunk
from exports.pages import order
from exports.storing import LeaseLost, report
from exports.writing import write_next
from privacy.clearing.scrub import scrub
from privacy.requests.erasure import erase
from scorecard.models import QuestionnaireVersion

pytestmark = pytest.mark.django_db


@pytest.fixture
def lea() -> User:
    return member("Sales lead")


@pytest.fixture
def client(lea: User) -> Client:
    return logged_in(lea)


def ordered(client: Client, query: str = "tab=all", **data: str) -> Export:
    url = f"{reverse('admin:exports_export_order', args=['leads'])}?{query}"
    response = client.post(url, {"format": "csv", "contacts": "on"} | data)
    assert response.status_code == 302
    return Export.objects.latest("created_at")


def content_of(client: Client, export: Export) -> bytes:
    response: Any = client.get(reverse("admin:exports_export_download", args=[export.pk]))
    assert response.status_code == 200
    content = b"".join(response.streaming_content)
    assert len(content) == int(response["Content-Length"])
    return content


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def written(client: Client, query: str = "tab=all", **data: str) -> list[dict[str, str]]:
    export = ordered(client, query, **data)
    assert write_next()
    return rows_of(content_of(client, export))


def test_a_lead_is_a_line_with_a_column_for_each_question(client: Client, hot_lead: Assessment) -> None:
    (row,) = written(client)
    assert (row["email"], row["first_name"], row["score"]) == ("ada@engines.example", "Ada", "20")
    assert row["value_assurance_1"] == "D"
    assert row["value_assurance_1 (words)"].startswith("We follow signs")
    assert row["finished"].endswith(("+01:00", "+02:00"))
    assert row["score.governance"] == "20"


def test_it_opens_in_excel(client: Client, hot_lead: Assessment) -> None:
    Assessment.objects.filter(pk=hot_lead.pk).update(referrer_source="Müller")
    export = ordered(client)
    write_next()
    content = content_of(client, export)
    assert content.startswith(b"\xef\xbb\xbfid,")
    assert "Müller".encode() in content
    assert b"\r\n" in content


def test_it_holds_exactly_what_the_view_shows_in_its_order(
    client: Client, version: QuestionnaireVersion
) -> None:
    for number, answers in enumerate("ADAE"):
        finished = timezone.now() - timedelta(days=number)
        AssessmentFactory.create(
            version=version, email=f"{number}@example.com", answers=answers, completed_at=finished
        )
    query = "tab=all&quality=executive_briefing_qualified&score=0-19&score=20-39"
    assert [row["email"] for row in written(client, query)] == ["1@example.com", "3@example.com"]
    shown = client.get(f"/admin/leads/lead/?{query}").context["cl"].result_list
    assert [lead.email for lead in shown] == ["1@example.com", "3@example.com"]


def test_a_view_of_nobody_is_a_file_with_a_header_alone(client: Client, hot_lead: Assessment) -> None:
    for query in ("tab=all&category=nonsense", "q=nobody-at-all", "tab=mine"):
        assert written(client, query) == []


def test_not_asked_and_left_blank_are_told_apart(client: Client, version: QuestionnaireVersion) -> None:
    AssessmentFactory.create(version=version, email="a@example.com", answers={"governance_1": "A"})
    (row,) = written(client)
    assert (row["governance_1"], row["governance_2"]) == ("A", "")


def test_contact_details_can_be_left_out(client: Client, hot_lead: Assessment) -> None:
    (row,) = written(client, contacts="")
    assert "email" not in row
    assert "Ada" not in row.values()


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\ufeff=cmd", "\uff1d1"]
)
def test_no_text_becomes_a_formula(text: str) -> None:
    assert str(defused(text)).startswith("'")


def test_the_longest_texts_fit_into_a_cell_of_excel_with_their_apostrophe() -> None:
    """Excel counts in units of UTF-16; of a longer text it shows nothing, or calls the file broken."""
    for text in ("=" * 40_000, "\U0001f600" * 40_000, ["\U0001f600" * 20_000] * 2):
        cell = str(defused(plain(text, ZoneInfo("UTC"))))
        assert 32_766 <= len(cell.encode("utf-16-le")) / 2 <= 32_767


def test_every_text_of_a_visitor_is_in_both_formats(client: Client, version: QuestionnaireVersion) -> None:
    odd = "a\nb\r\nc\t\U0001f600 \u202eabc\u202c \x01\x0b \ufffe\uffff \u05e9\u05dc\u05d5\u05dd"
    AssessmentFactory.create(version=version, email="m@example.com", company=odd)
    (row,) = written(client)
    assert row["company"] == odd.replace("\ufffe\uffff", "")
    export = ordered(client, format="xlsx")
    write_next()
    with zipfile.ZipFile(io.BytesIO(content_of(client, export))) as book:
        sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    assert "\u05e9\u05dc\u05d5\u05dd" in "".join(sheet.itertext())


def test_the_codebook_and_the_words_are_in_the_language_of_who_ordered(
    client: Client, lea: User, hot_lead: Assessment
) -> None:
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "de"
    export = ordered(client, format="xlsx")
    write_next()
    with zipfile.ZipFile(io.BytesIO(content_of(client, export))) as book:
        leads, codebook = (
            "\n".join(ElementTree.fromstring(book.read(f"xl/worksheets/sheet{n}.xml")).itertext())
            for n in (1, 2)
        )
        assert "Codebuch" in book.read("xl/workbook.xml").decode()
    assert "value_assurance_1" in leads
    assert "We follow signs" not in leads
    assert "Gesamtpunktzahl, 0-100" in codebook
    assert "Eine Regel des Fragebogens hat die Frage ausgeblendet" in codebook
    assert "Total score" not in codebook


def test_numbers_and_plain_text_stay(client: Client) -> None:
    assert [defused(value) for value in (-1, 2.5, None, "A-B", "")] == [-1, 2.5, None, "A-B", ""]


def test_a_formula_of_a_visitor_is_text_in_both_formats(
    client: Client, version: QuestionnaireVersion
) -> None:
    AssessmentFactory.create(version=version, email="m@example.com", company='=HYPERLINK("http://x")')
    (row,) = written(client)
    assert row["company"] == '\'=HYPERLINK("http://x")'
    export = ordered(client, format="xlsx")
    write_next()
    with zipfile.ZipFile(io.BytesIO(content_of(client, export))) as book:
        sheets = {name: book.read(name).decode() for name in book.namelist() if "worksheets/" in name}
        assert "Codebook" in book.read("xl/workbook.xml").decode()
    assert not [name for name, sheet in sheets.items() if "<f>" in sheet]
    assert "HYPERLINK" in sheets["xl/worksheets/sheet1.xml"]


def test_figures_are_exported_from_their_page_with_its_period_and_segment(
    client: Client, hot_lead: Assessment, cold_lead: Assessment
) -> None:
    Assessment.objects.filter(pk=cold_lead.pk).update(language="de")
    query = "language=de&compare=before"
    order_url = f"{reverse('admin:exports_export_order', args=['figures'])}?{query}"
    assert (
        order_url.replace("&", "&amp;") in client.get(f"/admin/leads/lead/figures/?{query}").content.decode()
    )
    for format in ("csv", "xlsx"):
        client.post(order_url, {"format": format})
        assert write_next()
    newest, oldest = Export.objects.order_by("-created_at")
    rows = list(csv.DictReader(io.StringIO(content_of(client, oldest).decode("utf-8-sig"))))
    found = {(row["figure"], row["row"], row["column"]): row["value"] for row in rows}
    assert (found["period", "1", "language"], found["numbers", "4", "figure"]) == ("de", "finished")
    assert (found["numbers", "4", "value"], found["numbers", "4", "compared"]) == ("1", "0")
    assert found["categories", "1", "name"] == "Proven and in Control"
    assert any(figure.startswith("dashboard.") for figure, *_ in found)
    with zipfile.ZipFile(io.BytesIO(content_of(client, newest))) as book:
        names = book.read("xl/workbook.xml").decode()
    assert [
        name for name in ("numbers", "questions", "dashboard.questions", "Definitions") if name not in names
    ] == []


def test_a_period_that_makes_no_sense_is_not_exported(client: Client) -> None:
    url = f"{reverse('admin:exports_export_order', args=['figures'])}?from=soon"
    page = client.post(url, {"format": "csv"}, follow=True).content.decode()
    assert "Write days as 2026-11-28" in page
    assert not Export.objects.exists()


def test_the_file_lies_encrypted_and_nothing_else_is_left(client: Client, hot_lead: Assessment) -> None:
    export = ordered(client)
    write_next()
    assert not ExportBatch.objects.exists()
    (raw,) = ExportChunk.objects.extra(select={"raw": "content"}).values_list("raw", flat=True)
    assert "ada@" not in raw
    assert Export.objects.get(pk=export.pk).rows_done == 1


def test_who_ordered_and_downloaded_is_recorded(client: Client, lea: User, hot_lead: Assessment) -> None:
    written(client)
    events = SystemLog.objects.filter(event_type__startswith="export_").order_by("pk")
    assert [event.event_type for event in events] == ["export_ordered", "export_written", "export_downloaded"]
    assert {event.data["asked_by"] for event in events} == {f"staff {lea.pk}"}
    assert "engines" not in str([event.data for event in events])


@pytest.mark.parametrize("role", ["Sales", "Operator", "Privacy", "Content editor"])
def test_only_some_roles_export_leads(role: str, hot_lead: Assessment) -> None:
    browser = logged_in(member(role))
    assert browser.get(reverse("admin:exports_export_order", args=["leads"])).status_code == 403
    assert "Export this view" not in browser.get("/admin/leads/lead/?tab=all").content.decode()


def test_a_log_in_of_long_ago_is_asked_again(lea: User, hot_lead: Assessment) -> None:
    browser = logged_in(lea, steps=VERIFIED, seconds_ago=100_000)
    response = browser.get(reverse("admin:exports_export_order", args=["leads"]))
    assert response.status_code == 302
    assert "reauthenticate" in response["Location"]


def test_nobody_downloads_anothers_file(client: Client, hot_lead: Assessment) -> None:
    export = ordered(client)
    write_next()
    other = User.objects.create_user("other@example.com", is_staff=True)
    other.user_permissions.set(Permission.objects.filter(codename__in=["export_leads", "see_contact"]))
    url = reverse("admin:exports_export_download", args=[export.pk])
    assert logged_in(other).get(url).status_code == 404


def test_an_expired_file_is_gone(client: Client, hot_lead: Assessment) -> None:
    export = ordered(client)
    write_next()
    past = timezone.now() - timedelta(seconds=1)
    Export.objects.update(expires_at=past)
    ExportChunk.objects.update(expires_at=past)
    url = reverse("admin:exports_export_download", args=[export.pk])
    assert client.get(url).status_code == 404
    scrub()
    assert not ExportChunk.objects.exists()
    assert not Export.objects.exists()


def test_an_erasure_withdraws_the_files(client: Client, hot_lead: Assessment) -> None:
    ordered(client, "q=Lovelace")
    write_next()
    erase("ada@engines.example", asked_by="staff")
    assert not ExportChunk.objects.exists()
    export = Export.objects.get()
    assert (export.failure_cause, export.query) == ("person_erased", "")


def test_a_withdrawn_export_is_not_written_on(lea: User, hot_lead: Assessment) -> None:
    order(lea, "leads", "tab=all", "csv", contacts=True)
    export = Export.objects.claim()
    assert export
    Export.objects.withdraw_leads()
    with pytest.raises(LeaseLost):
        report(export, 1)


def test_details_that_the_scrub_takes_before_the_file_expires_are_left_out(
    client: Client, hot_lead: Assessment
) -> None:
    Assessment.objects.update(created_at=timezone.now() - timedelta(days=29, hours=12))
    (row,) = written(client)
    assert (row["email"], row["score"]) == ("", "20")


def test_a_filter_that_the_list_does_not_know_leads_back(client: Client) -> None:
    url = f"{reverse('admin:exports_export_order', args=['leads'])}?nonsense=1"
    assert client.get(url).status_code == 302
    assert client.post(url, {"format": "csv"})["Location"] == "/admin/leads/lead/"
    assert not Export.objects.exists()


def test_the_list_shows_how_far_it_is_and_looks_again(
    client: Client, lea: User, hot_lead: Assessment
) -> None:
    order(lea, "leads", "tab=all", "csv", contacts=True)
    response = client.get(reverse("admin:exports_export_changelist"))
    assert response["Refresh"]
    write_next()
    response = client.get(reverse("admin:exports_export_changelist"))
    assert "Refresh" not in response
    assert "leads-" in response.content.decode()


@pytest.fixture
def many(version: QuestionnaireVersion) -> list[Assessment]:
    return [AssessmentFactory.create(version=version, email=f"{n}@example.com") for n in range(5)]


def test_a_view_is_read_in_batches(
    client: Client, many: list[Assessment], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("exports.batches.BATCH", 2)
    rows = written(client)
    assert [row["email"] for row in rows] == [lead.email for lead in reversed(many)]
