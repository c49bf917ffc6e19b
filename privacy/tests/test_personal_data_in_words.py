"""What is stored about a person, in the words shown to them."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from assessments.lifecycle import consents
from assessments.models import Assessment, ConsentSource, PrivacyLink, Purpose
from assessments.tests.factories import ADA, SessionFactory
from hubspot_sync.tests.factories import failed_item
from mailings.models import Mail
from privacy.datamap.labels import TABLES as NAMED
from privacy.datamap.tables import TABLES
from privacy.datamap.vocabulary import DataClass
from privacy.requests.person import by_address
from privacy.requests.personal_data import personal_data_of
from privacy.requests.personal_data_in_words import DataSection, moment_in_words, personal_data_in_words
from scorecard.definition import Definition
from scorecard.models import QuestionnaireVersion

ADDRESS = ADA["email"]
ABOUT_PROSPECTS = {DataClass.PERSONAL, DataClass.PSEUDONYMOUS, DataClass.ANSWER}


def sections() -> list[DataSection]:
    person = by_address(ADDRESS)
    return personal_data_in_words(person, personal_data_of(person))


def words(found: list[DataSection]) -> str:
    return "\n".join(
        f"{name}: {words}" for each in found for entry in each.entries for name, words in entry.lines
    )


@pytest.fixture
def everything(hot_lead: Assessment) -> None:
    """Ada in many tables."""
    consents.record_choices(ADDRESS, {Purpose.MARKETING: True, Purpose.RESULT: False}, ConsentSource.STEP)
    PrivacyLink.objects.make(hot_lead, address=ADDRESS)
    failed_item(hot_lead)
    Mail.objects.create(kind="result", assessment=hot_lead, key="k", status="sent", sent_at=timezone.now())


@pytest.mark.django_db
@pytest.mark.usefixtures("everything")
def test_nothing_reads_like_a_program(definition: Definition) -> None:
    found = sections()
    text = words(found)
    assert [each.title for each in found][:2] == ["Your assessments", "Your answers"]
    assert not re.search(r"\b(True|False|None)\b|[a-z]_[a-z]|[{}\[\]]|\d:\d\d(?!.*(UTC|min))", text)


@pytest.mark.django_db
def test_answers_stand_with_their_questions(hot_lead: Assessment, definition: Definition) -> None:
    question = next(iter(definition.questions.values()))
    option = question.option("D")
    assert option
    assert f"{question.text}: {option.label}" in words(sections())


@pytest.mark.django_db
def test_answers_of_an_open_form_stand_there_too(
    version: QuestionnaireVersion, definition: Definition
) -> None:
    key, question = next(iter(definition.questions.items()))
    SessionFactory.create(version=version, email=ADDRESS, responses={key: "B"})
    option = question.option("B")
    assert option
    assert f"{question.text}: {option.label}" in words(sections())


@pytest.mark.django_db
@pytest.mark.usefixtures("everything")
def test_values_are_said_in_words(definition: Definition, hot_lead: Assessment) -> None:
    text = words(sections())
    for line in (
        f"Category: {definition.band(hot_lead.score_category or '').name}",
        f"Score: {hot_lead.total_score} of 100",
        "You agreed: Yes",
        "You agreed: No",
        "Where: On a page of the form",
        "Mail: Your result",
        "State: Our team is looking into it",
        f"Started: {moment_in_words(hot_lead.created_at)}",
    ):
        assert line in text


@pytest.mark.parametrize("table", NAMED)
def test_every_column_that_tells_of_a_prospect_has_a_name(table: str) -> None:
    telling = {name for name, column in TABLES[table].columns.items() if column.kind in ABOUT_PROSPECTS}
    assert telling - {"responses"} <= set(NAMED[table][1])


def test_every_table_that_tells_of_a_prospect_has_a_name() -> None:
    telling = {
        name
        for name, table in TABLES.items()
        if ABOUT_PROSPECTS & {column.kind for column in table.columns.values()}
    }
    assert telling - {
        "responses",
        "hubspot_reconciliations",
        "experiment_exposures",
        "login_failures",
        "lead_search_pages",  # a copy for the search, dropped when one of its people changes
        *("exports", "export_batches", "export_chunks"),  # files of many people, gone within a day
        "stored_files",  # encrypted: the export has them by name
    } <= set(NAMED)


@pytest.mark.django_db
def test_the_file_to_read_and_the_page_say_the_same(client: Client, hot_lead: Assessment) -> None:
    token = PrivacyLink.objects.make(hot_lead, address=ADDRESS)
    page = client.get(f"/privacy/open/{token}/", follow=True).content.decode()
    file = client.get("/privacy/yours/download/html/").content.decode()
    lines = re.findall(r'<th scope="row">.*?</td>', file)
    assert len(lines) > 25
    assert [line for line in lines if line not in page] == []
    assert file.count("<details") == file.count(" open>")
