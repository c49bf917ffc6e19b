"""Any questionnaire through the API: each type by its natural JSON, rules, several at once."""

import re
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from assessments.models import Assessment, AssessmentSession, Response
from assessments.tests.factories import VersionFactory
from encryption.rotation import count_outdated, rotate
from scorecard.definition import Question
from scorecard.models import QuestionnaireVersion
from scorecard.tests.builders import definition, section
from scorecard.tests.examples import EVERYTHING, read_once

ANSWERS: dict[str, Any] = {
    "name": "Phoenix",
    "story": "It rises.",
    "people": 12,
    "lead": "ada@engines.example",
    "site": "https://phoenix.example/",
    "since": "2026-01-31",
    "tested": "A",
    "kinds": ["unit", "browser"],
    "trust": 9,
    "parts": {"speed": "good", "looks": "bad"},
}


@pytest.fixture
def everything(version: QuestionnaireVersion) -> QuestionnaireVersion:
    """Published beside the default one."""
    return VersionFactory.create(content=read_once(EVERYTHING).definition())


class Api:
    """A session of a questionnaire through the API."""

    def __init__(self, client: Client, key: str = "everything") -> None:
        self.client, self.token = client, ""
        self.started = self("start", questionnaire=key)
        self.token = self.started.json().get("csrfToken", "")

    def __call__(self, call: str, **body: Any) -> Any:
        return self.client.post(
            f"/api/assessment/{call}",
            body,
            content_type="application/json",
            headers={"X-CSRFToken": self.token},
        )

    def save(self, **responses: Any) -> Any:
        return self("save-progress", step=1, responses=responses)


@pytest.fixture
def api(client: Client, everything: QuestionnaireVersion) -> Api:
    return Api(client)


def test_start_takes_the_key_of_a_questionnaire(api: Api) -> None:
    assert api.started.status_code == 201
    assert api.started.json()["questionnaire"]["key"] == "everything"


def test_without_a_key_the_default_one_starts(client: Client, everything: QuestionnaireVersion) -> None:
    answer = client.post("/api/assessment/start", {}, content_type="application/json")
    assert answer.json()["questionnaire"]["key"] == "ai_reality_check"


def test_a_questionnaire_that_is_not_live_is_told(client: Client, version: QuestionnaireVersion) -> None:
    refused = Api(client, "nothing").started
    assert (refused.status_code, refused.json()["error"]["details"]["fields"]) == (
        422,
        {"questionnaire": "There is no such questionnaire."},
    )


def test_the_live_questionnaires_are_listed(client: Client, everything: QuestionnaireVersion) -> None:
    found = client.get("/api/questionnaires").json()
    assert [(each["key"], each["isDefault"]) for each in found] == [
        ("ai_reality_check", True),
        ("everything", False),
    ]


def test_answers_come_back_as_they_were_given(api: Api) -> None:
    assert api.save(**ANSWERS).json()["responses"] == ANSWERS
    assert api.client.get("/api/assessment/resume").json()["responses"] == ANSWERS


@pytest.mark.parametrize("key", sorted(ANSWERS))
def test_null_takes_an_answer_back(api: Api, key: str) -> None:
    api.save(**ANSWERS)
    assert key not in api.save(**{key: None}).json()["responses"]
    assert key not in AssessmentSession.objects.get().responses


@pytest.mark.parametrize(
    ("key", "sent", "words"),
    [
        ("name", "x", "Please enter at least 2 characters."),
        ("people", "12", "Please enter a number."),
        ("people", 1001, "Please enter at most 1000."),
        ("people", 2.5, "Please enter a number in steps of 1."),
        ("story", 5, "Please enter text."),
        ("story", "x" * 401, "Please enter at most 400 characters."),
        ("plan", "x", "Please choose a file."),
        ("lead", "ada", "Please enter a full e-mail address, for example name@company.com."),
        ("site", "javascript:alert(1)", "Please enter a web address, for example https://company.com."),
        ("since", "1999-12-31", "Please enter a date from 2000-01-01 on."),
        ("tested", "Z", "Please choose one of the options."),
        ("kinds", ["unit", "none"], "“None of these” cannot be combined with other answers."),
        ("kinds", ["unit", "browser", "load"], "Please choose at most 2 answers."),
        ("trust", 11, "Please choose a number from 1 to 10."),
        ("parts", {"speed": "great"}, "Please choose one of the options."),
        ("nothing", "x", "This questionnaire has no such question."),
    ],
)
def test_what_is_wrong_is_told_by_question(api: Api, key: str, sent: Any, words: str) -> None:
    refused = api.save(**{key: sent})
    assert refused.status_code == 422
    assert refused.json()["error"]["details"]["fields"] == {key: words}


def test_the_state_says_what_is_shown_and_why_not(api: Api) -> None:
    state = api.save(people=200, tested="C").json()["adaptiveState"]
    assert "lead" in state["skippedQuestionIds"]
    assert state["reasons"]["lead"] == "Rule 1 on people"
    assert "worry" in state["activeQuestionIds"]
    assert state["branchHistory"][0]["closed"] == ["lead"]
    assert state["branchHistory"][0]["opened"] == ["worry"]


def test_progress_counts_what_is_shown(api: Api) -> None:
    assert api.save(name="Phoenix", people=12).json()["progress"] == {
        "percentage": 20,
        "answered": 2,
        "total": 10,
    }


def test_submit_asks_only_for_what_is_shown_and_required(api: Api) -> None:
    api.save(name="Phoenix", people=12, tested="C")
    refused = api("submit").json()["error"]
    assert (refused["code"], refused["details"]["missing"]) == ("ASSESSMENT_INCOMPLETE", ["story", "trust"])


def test_a_rule_of_higher_priority_lifts_what_is_required(api: Api) -> None:
    api.save(name="Toy", people=1, tested="C")
    assert api("submit").status_code == 200


def test_the_result_counts_the_points_of_every_type(api: Api) -> None:
    api.save(**ANSWERS)
    # 25 of 25, 20 of 20, 20 of 20, 5 of 10
    assert api("submit").json()["totalScore"] == round(100 * 70 / 75)


def test_not_knowing_takes_a_question_out_of_the_score(api: Api) -> None:
    api.save(**ANSWERS | {"tested": "U", "parts": {"speed": "unknown", "looks": "bad"}})
    # `kinds` is hidden; trust 20 of 20, looks 0 of 5
    assert api("submit").json()["totalScore"] == 80


def test_hidden_answers_are_kept_until_submit_and_never_counted(api: Api) -> None:
    api.save(**ANSWERS | {"tested": "C"})
    assert "kinds" in AssessmentSession.objects.get().responses
    api("submit")
    assert "kinds" not in Assessment.objects.get().responses
    assert not Response.objects.filter(question_key="kinds").exists()


def test_responses_hold_the_object_of_the_schema(api: Api) -> None:
    api.save(**ANSWERS)
    api("submit")
    found = dict(Response.objects.values_list("question_key", "value"))
    assert found["kinds"] == {"selectedOptionIds": ["unit", "browser"]}
    assert found["parts"] == {"rows": {"speed": "good", "looks": "bad"}}
    assert found["trust"] == {"rating": 9}


def test_every_type_is_asked_and_answered_without_a_script(
    client: Client, everything: QuestionnaireVersion
) -> None:
    client.post("/everything/start/")
    page = client.get("/everything/step/1/")
    assessment = page.context["assessment"]
    first = {key: str(ANSWERS[key]) for key in ("name", "story", "people", "lead", "site", "since")}
    asked = {"assessment": assessment, "asked": [question.key for question in everything_questions(page)]}
    moved = client.post("/everything/step/1/", {**first, **asked})
    assert moved["Location"] == "/everything/step/2/"
    second = {"assessment": assessment, "asked": ["tested", "trust", "parts"], "tested": "B", "trust": "3"}
    moved = client.post("/everything/step/2/", second)
    assert moved["Location"] == "/everything/step/2/?opened=1"
    assert b"Which tests do you have?" in client.get(moved["Location"]).content
    more = second | {"asked": ["tested", "kinds", "trust", "parts"], "kinds": ["unit", "load"]}
    moved = client.post("/everything/step/2/", more)
    assert moved["Location"] == "/everything/address/"
    moved = client.post("/everything/address/", {"assessment": assessment, "direction": "skip"})
    assert client.get(moved["Location"]).status_code == 200


def progress_elsewhere(page: Any) -> dict[str, str]:
    """What the page posts of the progress of the others."""
    found = re.search(r'name="elsewhere" value="([^"]*)"', page.content.decode())
    assert found
    return {"elsewhere": found[1]}


def test_progress_that_falls_has_its_reason_on_the_page(
    client: Client, everything: QuestionnaireVersion
) -> None:
    client.post("/everything/start/")
    assessment = client.get("/everything/step/1/").context["assessment"]
    first = {
        "assessment": assessment,
        "name": "Phoenix",
        "people": "12",
        "story": "It rises.",
        "lead": "a@b.example",
    }
    client.post("/everything/step/1/", first)
    page = client.get("/everything/step/2/")
    second = {"assessment": assessment, "asked": ["tested", "trust", "parts"], "tested": "C", "trust": "3"}
    shown = progress_elsewhere(page)
    moved = client.post("/everything/step/2/", second | shown)
    assert moved["Location"] == "/everything/step/3/?elsewhere=more"
    page = client.get(moved["Location"])
    assert "so there is more to answer than before." in page.content.decode()
    shown = progress_elsewhere(page)
    client.post("/everything/step/3/", {"assessment": assessment, "worry": "All of it.", **shown})
    back = {"assessment": assessment, "tested": "U", "elsewhere": "5-8", "direction": "back"}
    moved = client.post("/everything/step/2/", back)
    assert moved["Location"] == "/everything/step/1/?elsewhere=fewer"
    assert "closed questions that you had answered" in client.get(moved["Location"]).content.decode()


@pytest.mark.parametrize("posted", ["", "5", "x-y", "-1--1", "99999-1", "1-2-3"])
def test_a_page_that_posts_no_progress_leads_on_without_news(
    client: Client, everything: QuestionnaireVersion, posted: str
) -> None:
    client.post("/everything/start/")
    assessment = client.get("/everything/step/1/").context["assessment"]
    sent = {"assessment": assessment, "name": "Phoenix", "people": "2", "elsewhere": posted}
    assert client.post("/everything/step/1/", sent)["Location"] == "/everything/step/2/"


def everything_questions(page: Any) -> list[Any]:
    return [item.question for item in page.context["questions"]]


def test_a_wrong_answer_on_a_page_is_told_beside_it_and_stays_in_the_field(
    client: Client, everything: QuestionnaireVersion
) -> None:
    client.post("/everything/start/")
    assessment = client.get("/everything/step/1/").context["assessment"]
    sent = {"assessment": assessment, "asked": ["name", "people"], "name": "Phoenix", "people": "many"}
    page = client.post("/everything/step/1/", sent)
    assert page.status_code == 422
    assert "Please enter a number." in page.content.decode()
    assert 'value="many"' in page.content.decode()


@pytest.mark.parametrize(("language", "typed"), [("en", "0.125"), ("de", "0,125")])
def test_a_number_is_shown_with_the_decimal_mark_of_the_page_and_comes_back_the_same(
    client: Client, version: QuestionnaireVersion, language: str, typed: str
) -> None:
    area = section("area", Question("share", "Which share?", "", "", "NUMBER", False, ()), weight="0")
    VersionFactory.create(content=replace(definition(area), key="shares", bands=()))
    client.post("/shares/start/")
    address = f"/shares/step/1/?lang={language}"
    sent = {"assessment": client.get(address).context["assessment"], "share": typed, "direction": "save"}
    client.post(address, sent)
    page = client.get(address).content.decode()
    assert AssessmentSession.objects.get().responses == {"share": 0.125}
    assert f'value="{typed}"' in page
    assert f'name="share.mark" value="{typed[1]}"' in page


def test_an_emptied_field_takes_the_answer_back(client: Client, everything: QuestionnaireVersion) -> None:
    client.post("/everything/start/")
    assessment = client.get("/everything/step/1/").context["assessment"]
    for story in ("It rises.", ""):
        sent = {"assessment": assessment, "answered": ["story"], "story": story, "direction": "save"}
        assert client.post("/everything/step/1/", sent).status_code == 204
    assert AssessmentSession.objects.get().responses == {}


def test_two_questionnaires_are_open_in_one_browser(client: Client, everything: QuestionnaireVersion) -> None:
    client.post("/start/")
    client.post("/everything/start/")
    assert client.get("/step/1/").context["definition"].key == "ai_reality_check"
    assert client.get("/everything/step/1/").context["definition"].key == "everything"


def test_a_key_that_is_not_live_is_not_found(client: Client, everything: QuestionnaireVersion) -> None:
    assert client.get("/nothing/").status_code == 404
    assert client.get("/everything/admin/").status_code == 404
    assert client.get("/everything")["Location"] == "/everything/"


def stored(table: str, column: str) -> str:
    """The column as the database holds it."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT string_agg({column}::text, ' ') FROM {table}")
        return str(cursor.fetchone()[0])


def test_what_was_typed_is_sealed_and_what_was_chosen_can_be_counted(api: Api) -> None:
    api.save(**ANSWERS)
    assert "It rises." not in stored("assessment_sessions", "responses")
    api("submit")
    for table, column in (("assessments", "responses"), ("responses", "value")):
        assert "It rises." not in stored(table, column)
        assert "Phoenix" not in stored(table, column)
        assert "browser" in stored(table, column)
    assert Assessment.objects.get().responses == ANSWERS


def test_sealed_answers_follow_a_new_key(api: Api, settings: Any) -> None:
    api.save(**ANSWERS)
    api("submit")
    settings.FIELD_ENCRYPTION_KEYS = ["n" * 60, *settings.FIELD_ENCRYPTION_KEYS]
    assert count_outdated()["assessments"] >= 1
    rotate()
    assert not any(count_outdated().values())
    settings.FIELD_ENCRYPTION_KEYS = settings.FIELD_ENCRYPTION_KEYS[:1]
    assert Assessment.objects.get().responses == ANSWERS
