"""The pages of the form: one per step."""

import re
from collections.abc import Mapping
from urllib.parse import urlencode

from constance import config
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from assessments.bots.honeypot import honeypot_signs
from assessments.bots.proof import challenge, is_proven
from assessments.errors import AlreadySubmitted, AssessmentNotFound, OtherAssessment
from assessments.lifecycle import services
from assessments.lifecycle.answer_validation import missing_answers, parse_seconds
from assessments.lifecycle.submit import submit_assessment
from assessments.models import AssessmentSession
from assessments.models.signs import Sign
from assessments.web.answer_words import problem_in_words
from assessments.web.cookies import key_in_path, read_token, set_token
from assessments.web.error_pages import with_error_pages
from assessments.web.pages.asked_questions import asked_questions, fieldset
from assessments.web.posted_files import store_posted_files
from scorecard import versions
from scorecard.adaptive.browser import adaptive_data
from scorecard.adaptive.paging import (
    asked_before,
    first_open_page,
    minutes_left,
    next_page,
    previous_page,
    progress,
    progress_elsewhere,
    shown_pages,
)
from scorecard.definition import Definition, Section
from scorecard.question_types import Answer, InvalidAnswer, type_of
from scorecard.question_types.file_upload import upload_questions
from scorecard.visibility import Visible, is_answered, visible
from web import rate_limits
from web.languages import PARAMETER, current_language, supported_language
from web.page_urls import page_url
from web.rate_limits import Allowance

CHECK = "check"  # the query parameter of a step left with required questions unanswered
NO_PROBLEMS: Mapping[str, InvalidAnswer] = {}
OPENED = "opened"  # of a step on which an answer opened further questions
ELSEWHERE = "elsewhere"  # what an answer did to questions of other pages: MORE or FEWER
MORE, FEWER = "more", "fewer"
PROGRESS = re.compile(r"(?P<answered>\d{1,4})-(?P<total>\d{1,4})", re.ASCII)


@require_http_methods(["GET", "HEAD", "POST"])
@with_error_pages
def step(request: HttpRequest, step: int) -> HttpResponse:
    """Show a step, or save the posted one and continue unless a required answer is missing."""
    token = read_token(request)
    session = open_form_session(request, token)
    definition = versions.get(session.assessment.version_id).in_language(current_language())
    if not 1 <= step <= definition.total_steps:
        raise AssessmentNotFound
    if request.method == "POST":
        response = save_step(request, token, session, definition, step)
        set_token(response, token, key_in_path(request))
        return response
    now = visible(definition, session.responses)
    if step not in shown_pages(definition, now):
        return redirect(
            "assessments:step", next_page(definition, now, step) or first_open(session, definition)
        )
    if step > (open_step := first_open(session, definition)):
        return redirect("assessments:step", open_step)
    return render_step(request, session, definition, step)


def first_open(session: AssessmentSession, definition: Definition) -> int:
    return first_open_page(definition, session.responses)


def open_form_session(request: HttpRequest, token: str) -> AssessmentSession:
    """The open session of an unfinished assessment.

    Raises OtherAssessment when the posted form belongs to another assessment than the session's (started in
    another tab), AlreadySubmitted when the assessment is finished.
    """
    session = services.open_session(token)
    if request.method == "POST" and request.POST.get("assessment") != str(session.assessment.id):
        raise OtherAssessment
    if session.assessment.completed_at:
        raise AlreadySubmitted
    return session


def save_step(
    request: HttpRequest, token: str, session: AssessmentSession, definition: Definition, step: int
) -> HttpResponse:
    """Save the answers of a step and redirect where its button leads. Autosave responds with 204.

    The last step of a finished questionnaire is never rejected: over the rate limit the lead is marked
    instead.
    """
    direction = request.POST.get("direction", "")
    language = supported_language(request.POST.get("switch"))
    goes_on = not direction and not language
    allowance = rate_limits.count_action("saves", session.pk)
    if not (goes_on and next_page(definition, visible(definition, session.responses), step) is None):
        allowance.require()
    page = definition.pages[step - 1]
    answers, refused = store_posted_files(request, session, page, posted_answers(request, page))
    problems = refused | services.save_progress(
        session,
        step=step,
        answers=answers,
        time_spent=posted_seconds(request, page),
        signs=(*honeypot_signs(request), *limit_signs(allowance)),
        sent_on=goes_on,
        store_valid=True,
    )
    if direction == "save":
        return HttpResponse(status=204)
    if language:
        return redirect(step_address(step, **{PARAMETER: language}))
    if direction == "elsewhere":
        return redirect(page_url("resume_by_mail"))
    now = visible(definition, session.responses)
    if direction == "back":
        back = previous_page(definition, now, step) or step
        return redirect(step_address(back, **news_elsewhere(request, session, definition, step)))
    if wrong := {key: problem for key, problem in problems.items() if key not in now.skipped}:
        return render_step(request, session, definition, step, wrong)
    return go_on(request, token, session, definition, step)


def go_on(
    request: HttpRequest, token: str, session: AssessmentSession, definition: Definition, step: int
) -> HttpResponse:
    """Redirect to the next step, the address page or the result; to this step if it has more to answer."""
    now = visible(definition, session.responses)
    keys = [question.key for question in definition.pages[step - 1].questions if question.key in now.shown]
    seen = set(request.POST.getlist("asked"))
    if seen and any(key not in seen and key not in session.responses for key in keys):
        return redirect(step_address(step, **{OPENED: "1"}))
    if any(key in now.required and not is_answered(definition, key, session.responses) for key in keys):
        return redirect(step_address(step, **{CHECK: "1"}))
    if following := next_page(definition, now, step):
        return redirect(step_address(following, **news_elsewhere(request, session, definition, step)))
    if missing_answers(definition, session.responses):
        return redirect(step_address(first_open(session, definition), **{CHECK: "1"}))
    if asks_address(definition) and not session.email:
        return redirect("assessments:address")
    return finish(request, token, session)


def step_address(step: int, **parameters: str) -> str:
    address = reverse("assessments:step", args=[step])
    return f"{address}?{urlencode(parameters)}" if parameters else address


def news_elsewhere(
    request: HttpRequest, session: AssessmentSession, definition: Definition, step: int
) -> dict[str, str]:
    """Why the progress may fall on the page to come: the answers of this one changed what others ask.

    The page posts the progress of the others as it was: ANSWERED-TOTAL.
    """
    before = PROGRESS.fullmatch(request.POST.get(ELSEWHERE, ""))
    if before is None:
        return {}
    now = progress_elsewhere(definition, definition.pages[step - 1], session.responses)
    if now.total > int(before["total"]):
        return {ELSEWHERE: MORE}
    return {ELSEWHERE: FEWER} if now.answered < int(before["answered"]) else {}


def asks_address(definition: Definition) -> bool:
    """Whether the address is asked before the result: as the author says, else as the installation is set."""
    if definition.ask_address:
        return definition.ask_address == "before_result"
    return bool(config.ASK_ADDRESS_BEFORE_RESULT)


def finish(request: HttpRequest, token: str, session: AssessmentSession) -> HttpResponse:
    """Submit the assessment and redirect to its result."""
    assessment = submit_assessment(token, proven=has_proof(request, session))
    return redirect("assessments:results", assessment.id)


def limit_signs(allowance: Allowance) -> tuple[Sign, ...]:
    return (Sign.OVER_LIMIT,) if allowance.is_exceeded else ()


def has_proof(request: HttpRequest, session: AssessmentSession) -> bool:
    """Whether the proof of work is valid, or switched off."""
    return not config.PROOF_OF_WORK_ENABLED or is_proven(session.assessment.id, request.POST.get("proof", ""))


def posted_answers(request: HttpRequest, page: Section) -> dict[str, Answer]:
    """The posted answers of this page; None for one that the form showed as `answered` and is empty now.

    What is only empty stays: another tab may have answered it.
    """
    answered = set(request.POST.getlist("answered"))
    posted = {
        question.key: type_of(question).from_form(question, request.POST.getlist)
        for question in page.questions
    }
    return {key: answer for key, answer in posted.items() if answer is not None or key in answered}


def posted_seconds(request: HttpRequest, page: Section) -> dict[str, int]:
    """The seconds reported by the browser, by question key."""
    reported = {
        question.key: parse_seconds(request.POST.get(f"seconds-{question.key}", ""))
        for question in page.questions
    }
    return {key: seconds for key, seconds in reported.items() if seconds is not None}


def unanswered(
    definition: Definition, page: Section, session: AssessmentSession, now: Visible
) -> dict[str, str]:
    """The messages for required questions of this page without an answer."""
    return {
        question.key: gettext(type_of(question).missing)
        for question in page.questions
        if question.key in now.required and not is_answered(definition, question.key, session.responses)
    }


def render_step(
    request: HttpRequest,
    session: AssessmentSession,
    definition: Definition,
    step: int,
    problems: Mapping[str, InvalidAnswer] = NO_PROBLEMS,
) -> HttpResponse:
    """The page of a step; with `problems` of the answers that were posted."""
    page = definition.pages[step - 1]
    now = visible(definition, session.responses)
    words = {key: problem_in_words(problem) for key, problem in problems.items()}
    if CHECK in request.GET:
        words = unanswered(definition, page, session, now) | words
    posted = {key: answer for key, answer in posted_answers(request, page).items() if key in problems}
    posted = {key: posted[key] for key in posted.keys() - upload_questions(definition)}
    questions = asked_questions(page, session, now, words, posted, after=asked_before(definition, now, step))
    pages = shown_pages(definition, now)
    previous = previous_page(definition, now, step)
    context = {
        "version": session.assessment.version_id,
        "assessment": session.assessment.id,
        "switches": "step",  # posted by the language switch
        "definition": definition,
        "step": step,
        "number": pages.index(step) + 1 if step in pages else step,
        "total_steps": len(pages),
        "minutes_left": minutes_left(definition, now, step),
        "progress": progress(definition, session.responses),
        "elsewhere": progress_elsewhere(definition, page, session.responses),
        "asked_before": asked_before(definition, now, step),
        "section": page,
        "questions": questions,
        "fieldsets": SafeString(
            "\n  ".join(fieldset(session.assessment.version_id, definition, asked) for asked in questions)
        ),
        "opened": OPENED in request.GET,
        "news": request.GET.get(ELSEWHERE),
        "adaptive": adaptive_data(definition, page, session.responses),
        "proof": challenge(session.assessment.id) if config.PROOF_OF_WORK_ENABLED else None,
        "takes_files": any(asked.upload for asked in questions),
        "errors": sum(bool(asked.error) for asked in questions),
        "previous_url": reverse("assessments:step", args=[previous]) if previous else None,
        "is_last": next_page(definition, now, step) is None,
        "mail_is_set_up": settings.MAIL_IS_SET_UP,
    }
    return render(request, "assessments/step.html", context, status=422 if problems else 200)
