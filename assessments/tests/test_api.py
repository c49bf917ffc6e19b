"""The JSON API, by the contract of the product: bodies, codes, headers, cookies."""

import json
import os
from datetime import timedelta
from typing import Any

import pytest
from constance import config
from constance.test import override_config
from django.db import OperationalError
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from assessments.models import Assessment, AssessmentSession
from scorecard.definition import Definition

pytestmark = pytest.mark.usefixtures("version")

Json = dict[str, Any]


class Caller:
    """A program that talks to the API: keeps the cookie, sends the CSRF token, is held to both."""

    def __init__(self) -> None:
        self.client = Client(enforce_csrf_checks=True)
        self.csrf_token = ""

    def post(self, move: str, body: Any = None, **headers: str) -> Any:
        response = self.client.post(
            f"/api/assessment/{move}",
            data=body if isinstance(body, str | bytes) else json.dumps({} if body is None else body),
            content_type="application/json",
            headers={"X-CSRFToken": self.csrf_token} | headers,
        )
        if response.status_code == 201:
            self.csrf_token = response.json()["csrfToken"]
        return response

    def get(self, move: str) -> Any:
        return self.client.get(f"/api/assessment/{move}")


@pytest.fixture
def caller() -> Caller:
    """A caller with an open session."""
    caller = Caller()
    assert caller.post("start").status_code == 201
    return caller


def all_answers(definition: Definition, option: str) -> dict[str, str]:
    return dict.fromkeys(definition.questions, option)


def error(response: Any) -> Json:
    found: Json = response.json()["error"]
    return found


def test_start_answers_with_the_questionnaire_and_no_points(caller: Caller) -> None:
    body = Caller().post("start").json()
    assert [len(section["questions"]) for section in body["questionnaire"]["sections"]] == [4, 4, 4, 4]
    assert body["totalSteps"] == 4
    assert '"points"' not in json.dumps(body)


def test_start_keeps_where_the_visitor_came_from() -> None:
    Caller().post("start", {"utmSource": "partner", "referrer": "https://partner.example/page"})
    assessment = Assessment.objects.get()
    assert (assessment.utm, assessment.referrer_source) == ({"utm_source": "partner"}, "partner.example")


def test_a_whole_assessment_gives_the_golden_result(caller: Caller, definition: Definition) -> None:
    for step, section in enumerate(definition.sections, start=1):
        answers = {question.key: "B" for question in section.questions}
        assert caller.post("save-progress", {"step": step, "responses": answers}).status_code == 200
    body = caller.post("submit", {"contact": {"email": "Ada@Engines.example"}}).json()
    assert body["totalScore"] == 60
    assert body["category"]["key"] == "builder"
    assert set(body["scoreBreakdown"].values()) == {60}
    assert body["recommendationsUnlocked"]
    assert body["leadQuality"] == "basic"


def test_results_can_be_read_again_by_their_holder(caller: Caller, definition: Definition) -> None:
    result = caller.post("submit", {"responses": all_answers(definition, "A")}).json()
    again = caller.get(f"results/{result['assessmentId']}")
    assert again.json() == result
    assert "no-store" in again["Cache-Control"]


def test_submitting_twice_gives_one_result(caller: Caller, definition: Definition) -> None:
    first = caller.post("submit", {"responses": all_answers(definition, "A")}).json()
    assert caller.post("submit", {"responses": all_answers(definition, "E")}).json() == first


def test_contact_details_sent_with_a_second_submit_qualify_the_lead_again(
    caller: Caller, definition: Definition
) -> None:
    caller.post("submit", {"responses": all_answers(definition, "A")})
    body = caller.post("submit", {"contact": {"email": "ada@engines.example"}}).json()
    assert body["leadQuality"] == "basic"


def test_resume_gives_back_what_was_answered(caller: Caller) -> None:
    caller.post("save-progress", {"step": 1, "responses": {"value_assurance_1": "A"}})
    state = caller.get("resume").json()
    assert (state["responses"], state["currentStep"]) == ({"value_assurance_1": "A"}, 1)


@pytest.mark.parametrize("move", ["save-progress", "submit"])
def test_a_page_of_an_earlier_assessment_writes_nothing_into_the_current_one(
    caller: Caller, move: str
) -> None:
    earlier = caller.get("resume").json()["assessmentId"]
    caller.post("start")
    body: Json = {
        "assessmentId": earlier,
        "responses": {"governance_1": "E"},
        "contact": {"email": "a@b.example"},
    }
    response = caller.post(move, body | ({"step": 1} if move == "save-progress" else {}))
    assert (response.status_code, error(response)["code"]) == (404, "ASSESSMENT_NOT_FOUND")
    session = AssessmentSession.objects.latest("started_at")
    assert (session.responses, session.email) == ({}, None)


def test_resume_tells_how_much_time_is_left(caller: Caller) -> None:
    soon = timezone.now() + timedelta(minutes=10)
    AssessmentSession.objects.update(expires_at=soon)
    assert 590 < caller.get("resume").json()["expiresIn"] <= 600


# Errors


def test_every_error_has_the_documented_body(caller: Caller) -> None:
    response = caller.post("save-progress", {"step": 1, "responses": {"nonsense": "A"}})
    body = error(response)
    assert set(body) == {"code", "message", "details", "timestamp", "requestId"}
    assert body["requestId"] == response["X-Request-ID"]


def test_all_unknown_questions_and_options_are_named_at_once(caller: Caller) -> None:
    answers = {"nonsense": "A", "value_assurance_1": "F", "value_assurance_2": 3, "governance_1": "A"}
    response = caller.post("save-progress", {"step": 1, "responses": answers})
    assert (response.status_code, error(response)["code"]) == (422, "VALIDATION_ERROR")
    assert set(error(response)["details"]["fields"]) == {"nonsense", "value_assurance_1", "value_assurance_2"}


def test_an_incomplete_submit_names_what_is_missing_and_keeps_what_came(
    caller: Caller, definition: Definition
) -> None:
    answers = all_answers(definition, "A")
    del answers["governance_4"]
    response = caller.post("submit", {"responses": answers})
    assert (response.status_code, error(response)["code"]) == (400, "ASSESSMENT_INCOMPLETE")
    assert error(response)["details"]["missing"] == ["governance_4"]
    assert len(AssessmentSession.objects.get().responses) == 15


def test_saving_after_submit_is_refused(caller: Caller, definition: Definition) -> None:
    caller.post("submit", {"responses": all_answers(definition, "A")})
    response = caller.post("save-progress", {"step": 1, "responses": {"governance_1": "E"}})
    assert response.status_code == 422


@pytest.mark.parametrize("move", ["save-progress", "submit"])
def test_a_post_without_the_csrf_token_is_refused(caller: Caller, move: str) -> None:
    response = caller.post(move, {"step": 1, "responses": {}}, **{"X-CSRFToken": ""})
    assert (response.status_code, error(response)["code"]) == (403, "CSRF_FAILED")


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded"])
def test_only_json_is_taken(content_type: str) -> None:
    response = Client().post("/api/assessment/start", data="{}", content_type=content_type)
    assert (response.status_code, error(response)["code"]) == (422, "VALIDATION_ERROR")


def test_a_body_that_is_far_too_large_is_a_validation_error(caller: Caller) -> None:
    response = caller.post("save-progress", {"step": 1, "responses": {"governance_1": "A" * 300_000}})
    assert (response.status_code, error(response)["code"]) == (422, "VALIDATION_ERROR")


@pytest.mark.parametrize("move", ["save-progress", "submit"])
def test_without_a_session_the_answer_is_session_expired(move: str) -> None:
    caller = Caller()
    caller.client.cookies["csrftoken"] = caller.csrf_token = "a" * 32
    response = caller.post(move, {"step": 1, "responses": {}})
    assert (response.status_code, error(response)["code"]) == (401, "SESSION_EXPIRED")


def test_an_expired_session_is_told_so(caller: Caller) -> None:
    AssessmentSession.objects.update(expires_at="2020-01-01T00:00Z")
    assert error(caller.get("resume"))["code"] == "SESSION_EXPIRED"


@pytest.mark.parametrize("ending", ["00000000-0000-4000-8000-000000000000", "no-id"])
def test_a_foreign_result_is_not_found(caller: Caller, ending: str) -> None:
    response = caller.get(f"results/{ending}")
    assert response.status_code == 404


def test_a_result_that_is_not_there_yet_is_incomplete(caller: Caller) -> None:
    response = caller.get(f"results/{Assessment.objects.get().pk}")
    assert error(response)["code"] == "ASSESSMENT_INCOMPLETE"


def test_a_reached_limit_says_when_to_come_back() -> None:
    with override_config(LIMIT_STARTS_PER_HOUR=10):
        for _ in range(10):
            allowed = Caller().post("start")
        assert allowed["X-RateLimit-Remaining"] == "0"
        refused = Caller().post("start")
        assert refused.status_code == 429
        assert error(refused)["code"] == "RATE_LIMIT_EXCEEDED"
        assert error(refused)["retryAfter"] == int(refused["Retry-After"]) > 0
        assert refused["X-RateLimit-Limit"] == "10"


def test_submits_with_a_gap_do_not_count(definition: Definition) -> None:
    caller = Caller()
    caller.post("start")
    with override_config(LIMIT_SUBMITS_PER_HOUR=1):
        assert [caller.post("submit", {}).status_code for _ in range(3)] == [400] * 3
        answers = dict.fromkeys(definition.questions, "B")
        assert caller.post("submit", {"responses": answers}).status_code == 200
        assert caller.post("submit", {}).status_code == 429


def test_a_wrong_address_is_named_by_its_field(caller: Caller) -> None:
    body = {"step": 1, "responses": {}, "contact": {"email": "nope", "firstName": "x" * 61}}
    fields = error(caller.post("save-progress", body))["details"]["fields"]
    assert set(fields) == {"email", "first_name"}


def test_no_error_repeats_what_was_sent(caller: Caller) -> None:
    body = {"step": "ada@engines.example", "responses": {}, "surprise": "ada@engines.example"}
    assert "ada@" not in caller.post("save-progress", body).content.decode()


def test_a_database_that_is_gone_is_service_unavailable(caller: Caller, monkeypatch: Any) -> None:
    def gone(*args: Any, **kwargs: Any) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr("assessments.lifecycle.services.open_session", gone)
    response = caller.get("resume")
    assert (response.status_code, error(response)["code"]) == (503, "SERVICE_UNAVAILABLE")
    assert response["Retry-After"]


def test_the_contract_is_served_as_openapi(client: Client) -> None:
    paths = client.get("/api/assessment/openapi.json").json()["paths"]
    assert {path.rsplit("/assessment/")[1] for path in paths} == {
        "start",
        "save-progress",
        "submit",
        "results/{assessment_id}",
        "resume",
        "uploads",
    }


def test_the_documentation_page_keeps_to_our_content_policy(client: Client) -> None:
    page = client.get("/api/assessment/docs")
    assert page.status_code == 200
    assert "https://" not in page.content.decode()


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
ODD_KEYS = ["step", "responses", "contact", "email", "value_assurance_1", "\0", "\ud800", "__class__"]
odd_objects = st.dictionaries(
    st.sampled_from(ODD_KEYS), anything | st.dictionaries(st.sampled_from(ODD_KEYS), anything)
)


@pytest.fixture
def unlimited(caller: Caller) -> Caller:
    """A caller of whom no request is refused for being one too many."""
    for limit in ("STARTS", "SAVES", "SUBMITS"):
        setattr(config, f"LIMIT_{limit}_PER_HOUR", 10**6)
    return caller


@pytest.mark.parametrize("move", ["start", "save-progress", "submit"])
@given(body=odd_objects | anything)
@hypothesis_settings(
    max_examples=int(os.environ.get("FUZZ_CASES", "60")),  # script/test --deep makes it more
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_no_body_makes_the_api_fail(unlimited: Caller, move: str, body: Any) -> None:
    assert unlimited.post(move, body).status_code in (200, 201, 400, 422)


@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff\xfe", b"null", b"[]", b'{"step":1e999}', b"[" * 5000, b'{"a":"\\ud800"}']
)
def test_malformed_bodies_are_validation_errors(caller: Caller, body: bytes) -> None:
    response = caller.post("save-progress", body)
    assert (response.status_code, error(response)["code"]) == (422, "VALIDATION_ERROR")
