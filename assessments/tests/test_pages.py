"""The form as a browser without JavaScript sees it."""

import html
import uuid

import pytest
from constance import config
from constance.test import override_config
from django.conf import settings
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from assessments.lifecycle import consents
from assessments.lifecycle.ended_sessions import end_unfinished
from assessments.models import Assessment, AssessmentSession, Purpose, Response
from assessments.tests.browsing import Response as Answer
from assessments.tests.browsing import (
    answer_step,
    assessment_of,
    finish,
    give_address,
    post_step,
    start,
    step_answers,
)
from assessments.tests.factories import SessionFactory
from scorecard.definition import Definition
from scorecard.models import QuestionnaireVersion
from scorecard.scoring import attainable
from tests.tokens import without_tokens

pytestmark = pytest.mark.usefixtures("version")

ONE = reverse("assessments:step", args=[1])
TWO = reverse("assessments:step", args=[2])
RESUME = reverse("assessments:resume")


def results_url(assessment: Assessment) -> str:
    return reverse("assessments:results", args=[assessment.pk])


def contact_url(assessment: Assessment) -> str:
    return reverse("assessments:contact", args=[assessment.pk])


def answer_all_steps(client: Client, definition: Definition) -> Answer:
    start(client)
    for step in range(1, definition.total_steps + 1):
        response = answer_step(client, definition, step, "B")
    return response


def goes_to(response: Answer) -> str:
    """Where a response sends the browser."""
    return str(response["Location"])


def end_all_sessions() -> None:
    AssessmentSession.objects.update(expires_at="2020-01-01T00:00Z")


# Landing and start


def test_the_landing_page_says_what_it_is_and_how_long_it_takes(
    client: Client, definition: Definition
) -> None:
    page = client.get("/").content.decode()
    assert definition.name in page
    assert "about 8 minutes" in page


def test_start_opens_the_first_step(client: Client) -> None:
    assert goes_to(start(client)) == reverse("assessments:step", args=[1])


def test_the_session_cookie_is_out_of_reach_of_scripts_and_of_other_sites(client: Client) -> None:
    cookie = start(client).cookies[settings.ASSESSMENT_COOKIE_NAME]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["max-age"] == 24 * 3600


def test_the_database_does_not_hold_what_the_cookie_holds(client: Client) -> None:
    token = start(client).cookies[settings.ASSESSMENT_COOKIE_NAME].value
    assert AssessmentSession.objects.get().pk != token


def test_a_second_click_on_start_goes_on_with_the_same_run(client: Client) -> None:
    start(client)
    start(client)
    assert Assessment.objects.count() == 1


def test_the_way_here_is_kept_from_the_landing_page_to_the_assessment(client: Client) -> None:
    page = client.get("/?utm_source=newsletter", headers={"referer": "https://news.example/a?b=c"})
    start(client, **page.context["origin"])
    assessment = Assessment.objects.get()
    assert assessment.utm == {"utm_source": "newsletter"}
    assert assessment.referrer_source == "news.example"


def test_browser_device_and_variant_are_known_from_the_start(client: Client) -> None:
    client.post(reverse("assessments:start"), headers={"user-agent": "Mozilla/5.0 Firefox/128.0"})
    assessment = Assessment.objects.get()
    assert assessment.browser_info["browser"] == "Firefox"
    assert assessment.ab_test_variant is None, "nothing is tried"


def test_the_landing_page_offers_to_go_on_with_an_open_run(client: Client, definition: Definition) -> None:
    start(client)
    answer_step(client, definition, 1, "B")
    assert RESUME in client.get("/").content.decode()


# Steps


def test_a_step_shows_its_questions_and_the_progress(client: Client, definition: Definition) -> None:
    start(client)
    page = client.get(reverse("assessments:step", args=[1])).content.decode()
    assert all(question.key in page for question in definition.sections[0].questions)
    assert "<progress" in page


def test_a_complete_step_leads_to_the_next(client: Client, definition: Definition) -> None:
    start(client)
    assert goes_to(answer_step(client, definition, 1, "A")) == TWO


def test_answers_are_there_again_after_the_back_button(client: Client, definition: Definition) -> None:
    start(client)
    answer_step(client, definition, 1, "B")
    page = client.get(reverse("assessments:step", args=[1]))
    assert {asked.answer for asked in page.context["questions"]} == {"B"}


def test_a_question_that_is_rendered_once_shows_nobody_the_answer_of_another(
    client: Client, definition: Definition
) -> None:
    for browser, option in ((client, "C"), (Client(), "")):
        start(browser)
        if option:
            answer_step(browser, definition, 1, option)
        assert browser.get(ONE).content.decode().count("checked>") == (
            5 if option else 1
        )  # one is for the keys


def test_back_keeps_what_was_answered_so_far(client: Client, definition: Definition) -> None:
    start(client)
    answer_step(client, definition, 1, "A")
    first_two = dict(list(step_answers(definition, 2, "C").items())[:2])
    response = post_step(client, 2, first_two | {"direction": "back"})
    assert goes_to(response) == reverse("assessments:step", args=[1])
    assert AssessmentSession.objects.get().responses.items() >= first_two.items()


def test_an_unanswered_question_is_named_and_the_other_answers_stay(
    client: Client, definition: Definition
) -> None:
    start(client)
    answers = step_answers(definition, 1, "A")
    missing = answers.popitem()[0]
    page = client.get(goes_to(post_step(client, 1, answers)))
    errors = {asked.question.key: asked.error for asked in page.context["questions"] if asked.error}
    assert errors == {missing: "Please choose an answer."}
    assert AssessmentSession.objects.get().responses == answers


def test_errors_are_the_answer_to_a_get_so_that_back_shows_the_page(
    client: Client, definition: Definition
) -> None:
    start(client)
    response = post_step(client, 1, {})
    assert (response.status_code, goes_to(response)) == (302, f"{ONE}?check=1")
    assert "4 answers need your attention" in client.get(goes_to(response)).content.decode()


def test_a_tampered_option_is_not_stored(client: Client, definition: Definition) -> None:
    start(client)
    page = answer_step(client, definition, 1, "Z")
    assert page.status_code == 422
    assert "Please choose one of the options." in page.content.decode()
    assert AssessmentSession.objects.get().responses == {}


@pytest.mark.parametrize("email", ["not an address", "a@b", "@", "a@b.io\0", "x" * 400 + "@b.io"])
def test_a_wrong_address_comes_back_beside_its_field_and_the_answers_stay(
    client: Client, definition: Definition, email: str
) -> None:
    answer_all_steps(client, definition)
    page = give_address(client, email)
    assert page.status_code == 422
    assert page.context["form"].errors["email"]
    assert len(AssessmentSession.objects.get().responses) == 16


def test_an_address_is_stored_in_lower_case(client: Client, definition: Definition) -> None:
    assert finish(client, definition, "A", email=" Ada@Engines.Example ").email == "ada@engines.example"


def test_no_step_asks_for_an_address(client: Client, definition: Definition) -> None:
    start(client)
    for step in range(1, definition.total_steps + 1):
        assert 'type="email"' not in client.get(reverse("assessments:step", args=[step])).content.decode()
        answer_step(client, definition, step, "A")


def test_the_address_is_asked_for_once_between_the_last_answer_and_the_result(
    client: Client, definition: Definition
) -> None:
    assert goes_to(answer_all_steps(client, definition)) == reverse("assessments:address")
    page = client.get(reverse("assessments:address")).content.decode()
    assert "Last step: your e&#8209;mail address" in page
    assert "You see your score either way." in page
    assert "by e&#8209;mail" not in page  # there is no box
    assert "We pass it to our sales team (HubSpot) so that we can answer you." in page


def test_a_mail_is_promised_to_those_who_tick_the_box(
    client: Client, definition: Definition, settings: Settings
) -> None:
    settings.MAIL_IS_SET_UP = True
    answer_all_steps(client, definition)
    page = client.get(reverse("assessments:address")).content.decode()
    assert "It comes by e&#8209;mail only if you tick the box." in page


def test_an_address_is_asked_for_where_somebody_agrees_to_mail_without_one(
    client: Client, definition: Definition, settings: Settings
) -> None:
    settings.MAIL_IS_SET_UP = True
    answer_all_steps(client, definition)
    page = give_address(client, consent="result")
    assert page.status_code == 422
    assert "without it we cannot write to you" in page.content.decode()
    assert 'value="result" checked' in page.content.decode()
    assert goes_to(give_address(client, consent="result", direction="skip")).startswith("/results/")


def test_the_address_can_be_skipped(client: Client, definition: Definition) -> None:
    answer_all_steps(client, definition)
    response = give_address(client, "half@typed", direction="skip")
    assert goes_to(response).startswith("/results/")
    assert Assessment.objects.get().email is None


def test_back_from_the_address_leads_to_the_last_step(client: Client, definition: Definition) -> None:
    answer_all_steps(client, definition)
    assert goes_to(give_address(client, direction="back")) == reverse("assessments:step", args=[4])


def test_an_operator_can_have_the_address_asked_on_the_result_only(
    client: Client, definition: Definition
) -> None:
    with override_config(ASK_ADDRESS_BEFORE_RESULT=False):
        assert goes_to(answer_all_steps(client, definition)).startswith("/results/")


def test_the_address_page_does_not_skip_questions(client: Client, definition: Definition) -> None:
    start(client)
    answer_step(client, definition, 1, "A")
    assert goes_to(client.get(reverse("assessments:address"))) == reverse("assessments:resume")
    assert goes_to(give_address(client, "ada@engines.example")) == reverse("assessments:resume")
    assert Assessment.objects.get().completed_at is None


# Two tabs, two people


def start_over(client: Client) -> str:
    """Another tab starts a new assessment in this browser; the id of the one before."""
    before = assessment_of(client)
    client.cookies.pop(settings.ASSESSMENT_COOKIE_NAME)
    start(client)
    return before


@pytest.mark.parametrize("direction", ["", "save", "back", "elsewhere"])
def test_a_page_of_an_earlier_assessment_is_not_saved_into_the_current_one(
    client: Client, definition: Definition, direction: str
) -> None:
    start(client)
    answer_step(client, definition, 1, "A")
    old = start_over(client)
    answers = step_answers(definition, 1, "E") | {"assessment": old, "direction": direction}
    page = post_step(client, 1, answers)
    assert page.status_code == 409
    assert "A newer scorecard is open in this browser" in page.content.decode()
    assert reverse("assessments:resume") in page.content.decode()
    assert AssessmentSession.objects.latest("started_at").responses == {}


def test_an_address_of_an_earlier_assessment_is_not_saved_into_the_current_one(
    client: Client, definition: Definition
) -> None:
    answer_all_steps(client, definition)
    old = start_over(client)
    for step in range(1, definition.total_steps + 1):
        answer_step(client, definition, step, "B")
    page = give_address(client, "first@person.example", assessment=old)
    assert page.status_code == 409
    assert not Assessment.objects.filter(email__isnull=False).exists()
    assert not AssessmentSession.objects.filter(email__isnull=False).exists()


def test_a_page_that_names_no_assessment_is_not_saved(client: Client, definition: Definition) -> None:
    start(client)
    assert post_step(client, 1, step_answers(definition, 1, "E") | {"assessment": ""}).status_code == 409


def test_an_earlier_result_keeps_its_contact_details_to_itself(
    client: Client, definition: Definition
) -> None:
    earlier = finish(client, definition, "B")
    start_over(client)
    page = client.post(reverse("assessments:contact", args=[earlier.pk]), {"email": "a@b.example"})
    assert page.status_code in (404, 410)
    assert reverse("assessments:resume") in page.content.decode()
    assert not Assessment.objects.filter(email__isnull=False).exists()


def test_saving_alone_keeps_what_is_good_and_stays_silent_about_the_rest(
    client: Client, definition: Definition
) -> None:
    start(client)
    first, second, *_ = definition.sections[0].questions
    data = {first.key: "B", second.key: "no such option", "email": "not yet typ", "direction": "save"}
    assert post_step(client, 1, data).status_code == 204
    session = AssessmentSession.objects.get()
    assert (session.responses, session.email) == ({first.key: "B"}, None)


def test_the_time_for_a_question_is_kept_from_the_browser_to_its_response(
    client: Client, definition: Definition
) -> None:
    start(client)
    first, second, *_ = definition.sections[0].questions
    times = {f"seconds-{first.key}": "12", f"seconds-{second.key}": "0"}
    answer_step(client, definition, 1, "B", **times)
    page = client.get(reverse("assessments:step", args=[1])).content.decode()
    assert f'name="seconds-{first.key}" value="12"' in page
    for step in range(2, definition.total_steps + 1):
        answer_step(client, definition, step, "B")
    give_address(client)
    spent = dict(Response.objects.values_list("question_key", "time_spent_seconds"))
    assert (spent.pop(first.key), spent.pop(second.key), set(spent.values())) == (12, 0, {None})


@pytest.mark.parametrize("junk", ["", "-1", "3601", "1e3", "12.5", "²", "١٢", "999999999999", "NaN", "\0"])
def test_a_time_that_cannot_be_is_no_time(client: Client, definition: Definition, junk: str) -> None:
    start(client)
    key = definition.sections[0].questions[0].key
    assert goes_to(answer_step(client, definition, 1, "B", **{f"seconds-{key}": junk})) == TWO
    assert AssessmentSession.objects.get().time_spent == {}


def test_the_time_of_a_run_that_is_given_up_is_kept(version: QuestionnaireVersion) -> None:
    session = SessionFactory.create(
        version=version, responses={"governance_1": "B"}, time_spent={"governance_1": 7}
    )
    end_unfinished([session])
    assert Response.objects.get().time_spent_seconds == 7


def test_saving_alone_submits_nothing(client: Client, definition: Definition) -> None:
    start(client)
    for step in range(1, definition.total_steps + 1):
        answer_step(client, definition, step, "B", direction="save")
    assert Assessment.objects.get().completed_at is None


def test_nobody_skips_a_step(client: Client) -> None:
    start(client)
    assert goes_to(client.get(reverse("assessments:step", args=[4]))) == reverse("assessments:step", args=[1])


@pytest.mark.parametrize("step", [0, 5, 99999])
def test_a_step_that_does_not_exist_is_not_found(client: Client, step: int) -> None:
    start(client)
    assert client.get(reverse("assessments:step", args=[step])).status_code == 404


def test_a_step_without_a_session_says_where_to_start(client: Client) -> None:
    page = client.get(TWO)
    assert page.status_code == 404
    assert reverse("assessments:start") in page.content.decode()


def test_a_step_of_an_expired_session_says_so(client: Client) -> None:
    start(client)
    end_all_sessions()
    assert client.get(TWO).status_code == 410


def test_every_save_extends_the_session(client: Client, definition: Definition) -> None:
    start(client)
    before = AssessmentSession.objects.get().expires_at
    answer_step(client, definition, 1, "A")
    assert AssessmentSession.objects.get().expires_at > before


def test_two_tabs_that_save_different_steps_lose_nothing(client: Client, definition: Definition) -> None:
    start(client)
    answer_step(client, definition, 2, "B")
    answer_step(client, definition, 1, "A")
    assert len(AssessmentSession.objects.get().responses) == 8


# Result


@pytest.mark.parametrize(
    ("option", "total", "category"),
    [
        ("A", 100, "champion"),
        ("B", 60, "builder"),
        ("C", 40, "risk_zone"),
        ("D", 20, "alert"),
        ("E", 0, "crisis"),
    ],
)
def test_sixteen_equal_answers_give_this_score(
    client: Client, definition: Definition, option: str, total: int, category: str
) -> None:
    assessment = finish(client, definition, option)
    assert (assessment.total_score, assessment.score_category) == (total, category)


def test_the_result_page_shows_score_category_areas_and_next_steps(
    client: Client, definition: Definition
) -> None:
    assessment = finish(client, definition, "C")
    page = client.get(results_url(assessment)).content.decode()
    band = definition.band("risk_zone")
    assert band.name in page
    assert all(step in page for step in band.next_steps)
    assert all(section.name.replace("&", "&amp;") in page for section in definition.sections)


def test_the_result_names_the_smallest_changes_that_reach_the_next_category(
    client: Client, definition: Definition
) -> None:
    page = client.get(results_url(finish(client, definition, "C")))
    way = page.context["way_up"]
    assert way.band.name in page.content.decode()
    assert all(change.after.label in html.unescape(page.content.decode()) for change in way.changes)


def test_the_result_shows_what_each_answer_earned(client: Client, definition: Definition) -> None:
    page = html.unescape(client.get(results_url(finish(client, definition, "B"))).content.decode())
    for question in definition.questions.values():
        option = question.option("B")
        assert option
        assert option.label in page
        assert f"{option.points} of {attainable(question)}" in page


def test_recommendations_unlock_with_an_address(client: Client, definition: Definition) -> None:
    assessment = finish(client, definition, "C")
    assert not client.get(results_url(assessment)).context["recommendations"]
    client.post(contact_url(assessment), {"email": "ada@engines.example"})
    assert len(client.get(results_url(assessment)).context["recommendations"]) == 4


def test_a_call_is_asked_for_with_a_number_and_a_time(client: Client, definition: Definition) -> None:
    assessment = finish(client, definition, "A")
    asked = {"email": "ada@engines.example", "call_time": "morning"}
    page = client.post(contact_url(assessment), asked)
    assert set(page.context["form"].errors) == {"phone"}
    wrong = client.post(contact_url(assessment), asked | {"phone": "ring me", "call_time": ""})
    assert "does not look like a phone number" in str(wrong.context["form"].errors["phone"])
    assert 'value="ring me"' in wrong.content.decode()
    client.post(contact_url(assessment), asked | {"phone": "+44 20 7946 0000"})
    assessment.refresh_from_db()
    assert assessment.get_call_time_display() == "In the morning"
    assert 'value="morning" selected' in client.get(results_url(assessment)).content.decode()


def test_a_double_submit_shows_the_same_result_and_writes_nothing_twice(
    client: Client, definition: Definition
) -> None:
    assessment = finish(client, definition, "B", email="ada@engines.example")
    again = post_step(client, 4, step_answers(definition, 4, "E"))
    assert goes_to(again) == RESUME
    assert goes_to(client.get(RESUME)) == results_url(assessment)
    assert Assessment.objects.get().total_score == assessment.total_score
    assert assessment.answered.count() == 16


def test_contact_details_qualify_the_lead_again(client: Client, definition: Definition) -> None:
    assessment = finish(client, definition, "A", email="ada@engines.example")
    assert assessment.lead_quality == "basic"
    details = {"email": "ada@engines.example", "first_name": "Ada", "company": "Engines"}
    assert "saved=1" in goes_to(client.post(contact_url(assessment), details))
    assessment.refresh_from_db()
    assert assessment.lead_quality == "enhanced"


def test_wrong_contact_details_come_back_beside_their_fields_with_what_was_typed(
    client: Client, definition: Definition
) -> None:
    assessment = finish(client, definition, "A")
    page = client.post(contact_url(assessment), {"email": "nope", "first_name": "Ada"})
    assert page.status_code == 422
    assert set(page.context["form"].errors) == {"email"}
    assert 'value="Ada"' in page.content.decode()


def test_a_script_gets_the_part_of_the_page_that_details_change(
    client: Client, definition: Definition
) -> None:
    assessment = finish(client, definition, "C")
    part = client.post(contact_url(assessment), {"email": "ada@engines.example"}, headers={"X-Part": "1"})
    assert part.status_code == 200
    assert b"<html" not in part.content
    assert b"Your details are saved" in part.content
    assert part.context["recommendations"]
    assessment.refresh_from_db()
    assert assessment.lead_quality == "executive_briefing_qualified"


def test_a_script_gets_errors_beside_their_fields(client: Client, definition: Definition) -> None:
    assessment = finish(client, definition, "A")
    part = client.post(contact_url(assessment), {"email": "nope"}, headers={"X-Part": "1"})
    assert part.status_code == 422
    assert b"<html" not in part.content
    assert b'id="id_email_error"' in part.content


def test_without_a_script_the_page_comes_back_to_the_form(client: Client, definition: Definition) -> None:
    assessment = finish(client, definition, "A")
    page = client.get(results_url(assessment)).content.decode()
    assert f'action="{contact_url(assessment)}#details"' in page
    assert goes_to(client.post(contact_url(assessment), {"email": "a@b.example"})).endswith("#contact")


def test_a_result_opens_only_in_the_browser_that_made_it(client: Client, definition: Definition) -> None:
    assessment = finish(client, definition, "A")
    other = Client()
    start(other)
    assert other.get(results_url(assessment)).status_code == 404


def test_guessed_results_are_not_found(client: Client, definition: Definition) -> None:
    finish(client, definition, "A")
    codes = {client.get(reverse("assessments:results", args=[uuid.uuid4()])).status_code for _ in range(40)}
    assert codes == {404}


def test_a_result_without_any_session_is_not_shown(client: Client, hot_lead: Assessment) -> None:
    page = client.get(results_url(hot_lead))
    assert page.status_code == 404
    assert "Ada" not in without_tokens(page.content.decode())


def test_an_unfinished_run_has_no_result_yet(client: Client, definition: Definition) -> None:
    start(client)
    answer_step(client, definition, 1, "A")
    assert goes_to(client.get(results_url(Assessment.objects.get()))) == RESUME


def test_result_pages_are_kept_by_nobody(client: Client, definition: Definition) -> None:
    page = client.get(results_url(finish(client, definition, "A")))
    assert "no-store" in page["Cache-Control"]
    assert page["Referrer-Policy"] == "same-origin"
    assert page["X-Robots-Tag"] == "noindex"


# Resume


def test_resume_says_how_far_the_run_is(client: Client, definition: Definition) -> None:
    start(client)
    answer_step(client, definition, 1, "A")
    page = client.get(RESUME)
    assert (page.context["step"], page.context["answered"]) == (2, 4)
    assert TWO in page.content.decode()


def test_resume_without_a_session_offers_a_start(client: Client) -> None:
    page = client.get(RESUME)
    assert page.status_code == 404
    assert reverse("assessments:start") in page.content.decode()


def test_resume_of_an_expired_session_says_so(client: Client) -> None:
    start(client)
    end_all_sessions()
    assert client.get(RESUME).status_code == 410


# Protection


def test_a_post_without_the_csrf_token_is_refused_in_words(strict_client: Client) -> None:
    page = strict_client.post(reverse("assessments:start"))
    assert page.status_code == 403
    assert "<h1" in page.content.decode()


@pytest.mark.parametrize("path", ["start/", "results/{id}/contact/"])
def test_what_changes_something_is_not_done_by_a_link(client: Client, path: str) -> None:
    assert client.get("/" + path.format(id=uuid.uuid4())).status_code == 405


def test_three_hundred_colleagues_can_start_in_an_hour(client: Client) -> None:
    assert (config.LIMIT_STARTS_PER_HOUR, config.LIMIT_RESULT_VIEWS_PER_HOUR) == (300, 600)


def test_a_start_over_the_limit_is_told_when_to_come_back(client: Client) -> None:
    with override_config(LIMIT_STARTS_PER_HOUR=1):
        assert start(Client()).status_code == 302
        page = start(Client())
    assert page.status_code == 429
    assert 0 < int(page["Retry-After"]) <= 3600
    assert "minute" in page.content.decode()


def test_a_finished_questionnaire_is_never_refused_and_marked_over_the_limit(
    client: Client, definition: Definition
) -> None:
    start(client)
    with override_config(LIMIT_SAVES_PER_HOUR=3):
        for step in (1, 2, 3):
            answer_step(client, definition, step, "B")
        again = answer_step(client, definition, 3, "B")
        assert again.status_code == 429
        assert goes_to(answer_step(client, definition, 4, "B")) == reverse("assessments:address")
        assert goes_to(give_address(client, "ada@engines.example")).startswith("/results/")
    assert "over_limit" in Assessment.objects.get().doubts


def test_a_gap_in_the_answers_locks_nobody_out(client: Client, definition: Definition) -> None:
    start(client)
    for step in (1, 2, 3):
        answer_step(client, definition, step, "B")
    for _ in range(30):
        assert goes_to(post_step(client, 4, {})).endswith("?check=1")
    assert answer_step(client, definition, 4, "B").status_code == 302


# The landing page of who was here before


def test_the_landing_page_shows_a_finished_result(client: Client, definition: Definition) -> None:
    assessment = finish(client, definition, "B")
    page = client.get("/").content.decode()
    assert f"{assessment.total_score} of 100" in page
    assert results_url(assessment) in page
    assert "Start again" in page


def test_the_landing_page_offers_to_start_over(client: Client, definition: Definition) -> None:
    start(client)
    answer_step(client, definition, 1, "B")
    assert "Start over" in client.get("/").content.decode()
    start(client)
    assert Assessment.objects.count() == 2


# The result after its unlocking


def test_the_result_says_when_details_are_erased(client: Client, definition: Definition) -> None:
    page = client.get(results_url(finish(client, definition, "B"))).content.decode()
    assert "We erase these details here after 30 days." in page


@pytest.mark.parametrize(
    ("purpose", "words"),
    [
        (Purpose.FOLLOW_UP, "You agreed: “"),
        (Purpose.MARKETING, "We are sending you an e-mail. Please use it to confirm: “"),
    ],
)
def test_what_was_agreed_to_is_shown_and_not_asked_again(
    client: Client, definition: Definition, settings: Settings, purpose: Purpose, words: str
) -> None:
    settings.MAIL_IS_SET_UP = True
    assessment = finish(client, definition, "B")
    with override_config(HUBSPOT_NEEDS_CONSENT=True):
        page = client.get(reverse("assessments:results", args=[assessment.pk])).content.decode()
        assert f'value="{purpose}"' in page
        sent = {"email": "ada@engines.example", "consent": purpose.value}
        part = client.post(contact_url(assessment), sent, headers={"X-Part": "1"}).content.decode()
    assert f"{words}{consents.consent_text(purpose, version=assessment.version_id)}”" in part
    assert ("You agreed: " in part) == (purpose == Purpose.FOLLOW_UP)
    assert f'value="{purpose}"' not in part
    assert "See, correct or erase your data" in part


def test_pages_forbid_inline_scripts_styles_and_frames(client: Client) -> None:
    policy = client.get("/")["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy


def test_an_unknown_page_is_explained(client: Client) -> None:
    page = client.get("/no/such/page")
    assert page.status_code == 404
    assert "<h1" in page.content.decode()


def test_without_a_published_questionnaire_the_form_is_not_open_yet(
    client: Client, caplog: pytest.LogCaptureFixture, settings: Settings
) -> None:
    settings.DEFAULT_QUESTIONNAIRE = "not_published"
    page = client.get("/")
    assert page.status_code == 503
    assert "not open yet" in page.content.decode()
    assert "load_questionnaire" in caplog.text
