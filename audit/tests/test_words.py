"""The system log in the words of the reader."""

import ast
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation

from audit.models import SystemLog
from audit.words import SENTENCES, message_in_words, name_in_words, value_in_words


@pytest.fixture(autouse=True)
def in_german() -> Iterator[None]:
    with translation.override("de"):
        yield


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("A list of leads was viewed", "Eine Liste von Leads wurde angesehen"),
        ("The draft of ai_check was changed", "Der Entwurf von ai_check wurde geändert"),
        ("BRAND_NAME was changed", "BRAND_NAME wurde geändert"),
        ("Version 3 of ai_check was published", "Version 3 von ai_check wurde veröffentlicht"),
        ("412 leads here, 411 there, 1 differs", "412 Leads hier, 411 dort, 1 weicht ab"),
        (
            "2 leads here, 1 there, 1 differs: 0 put right, 1 for a person to decide; 1 on the way "
            "(dry run: nothing was changed)",
            "2 Leads hier, 1 dort, 1 weicht ab: 0 berichtigt, 1 von einem Menschen zu entscheiden; "
            "1 unterwegs (Probelauf: nichts wurde geändert)",
        ),
    ],
)
def test_an_event_is_told_in_german(stored: str, shown: str) -> None:
    assert message_in_words(stored) == shown


@pytest.mark.parametrize("stored", ["", "Something, nobody knows: this", "100 % of it"])
def test_an_unknown_event_is_shown_as_it_was_stored(stored: str) -> None:
    assert message_in_words(stored) == stored


def test_the_name_of_a_nested_count_is_told_name_by_name() -> None:
    assert name_in_words("records scrubbed assessments") == "bereinigte Zeilen Assessments"
    assert name_in_words("unheard of") == "unheard of"


def test_values_that_are_words_are_told_in_german() -> None:
    found = [value_in_words(value) for value in (True, False, "staff 7", "command", "XLSX", 1)]
    assert found == ["ja", "nein", "Benutzer 7", "Befehl", "XLSX", 1]


@pytest.mark.django_db
def test_the_log_stays_english_and_its_page_is_german(operator: Client) -> None:
    log = SystemLog.objects.record("leads_searched", "Leads were searched", asked_by="staff 7")
    page = operator.get("/admin/audit/systemlog/", headers={"accept-language": "de"}).content.decode()
    assert "Leads wurden durchsucht" in page
    assert "veranlasst von: Benutzer 7" in page
    log.refresh_from_db()
    assert log.message == "Leads were searched"


@pytest.mark.django_db
def test_a_moment_says_its_zone(operator: Client) -> None:
    SystemLog.objects.record("leads_searched", "Leads were searched")
    page = operator.get("/admin/audit/systemlog/", headers={"accept-language": "de"}).content.decode()
    assert SystemLog.objects.get(event_type="leads_searched").created_at.strftime("%H:%M UTC") in page


def recorded_messages() -> Iterator[str]:
    """Every message that a module of the product records as it stands there."""
    for path in settings.BASE_DIR.glob("[a-z]*/**/*.py"):
        source = path.read_text()
        if "SystemLog.objects.record" in source and "tests" not in path.parts:
            calls = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
            for call in calls:
                if ast.unparse(call.func).startswith("SystemLog.objects.record"):
                    yield from (
                        each.value
                        for each in call.args[1:2]
                        if isinstance(each, ast.Constant) and isinstance(each.value, str)
                    )


def test_every_message_that_is_recorded_is_known() -> None:
    found = set(recorded_messages())
    assert len(found) > 15
    assert found - set(SENTENCES) == set()
