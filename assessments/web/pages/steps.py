"""The pages of the form: one per step."""

from dataclasses import dataclass

from constance import config
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from assessments.bots.honeypot import honeypot_signs
from assessments.bots.proof import challenge, is_proven
from assessments.errors import AlreadySubmitted, AnswerProblem, AssessmentNotFound, OtherAssessment
from assessments.lifecycle import answer_validation, services
from assessments.models import AssessmentSession
from assessments.models.signs import Sign
from assessments.web.answer_words import WORDS
from assessments.web.cookies import read_token, set_token
from assessments.web.error_pages import with_error_pages
from scorecard import versions
from scorecard.definition import Definition, Question, Section
from web import rate_limits
from web.languages import PARAMETER, current_language, supported
from web.page_urls import page_url
from web.rate_limits import Allowance

CHECK = "check"  # the query parameter of a step left with required questions unanswered


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question with the id of the chosen option ('' for none) and the error of the choice."""

    question: Question
    answer: str
    error: str = ""
    seconds: int | None = None  # seconds spent on it so far


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
        set_token(response, token)
        return response
    if step > (open_step := answer_validation.first_open_step(definition, session.responses)):
        return redirect("assessments:step", open_step)
    return render_step(request, session, definition, step)


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
    language = supported(request.POST.get("switch"))
    goes_on = not direction and not language
    allowance = rate_limits.count("saves", session.pk)
    if not (goes_on and step == definition.total_steps):
        allowance.require()
    section = definition.sections[step - 1]
    services.save_progress(
        session,
        step=step,
        answers=posted_answers(request, section),
        time_spent=posted_seconds(request, section),
        signs=(*honeypot_signs(request), *limit_signs(allowance)),
        sent_on=goes_on,
        store_valid=True,
    )
    if direction == "save":
        return HttpResponse(status=204)
    if language:
        return redirect(f"{reverse('assessments:step', args=[step])}?{PARAMETER}={language}")
    if direction == "elsewhere":
        return redirect(page_url("resume_by_mail"))
    if direction == "back":
        return redirect("assessments:step", max(step - 1, 1))
    return go_on(request, token, session, definition, step)


def go_on(
    request: HttpRequest, token: str, session: AssessmentSession, definition: Definition, step: int
) -> HttpResponse:
    """Redirect to the next step, the address page or the result; to this step if an answer is missing."""
    section = definition.sections[step - 1]
    if any(question.is_required and question.key not in session.responses for question in section.questions):
        return redirect(f"{reverse('assessments:step', args=[step])}?{CHECK}=1")
    if step < definition.total_steps:
        return redirect("assessments:step", step + 1)
    if config.ASK_ADDRESS_BEFORE_RESULT and not session.email:
        return redirect("assessments:address")
    return finish(request, token, session)


def finish(request: HttpRequest, token: str, session: AssessmentSession) -> HttpResponse:
    """Submit the assessment and redirect to its result."""
    assessment = services.submit_assessment(token, proven=has_proof(request, session))
    return redirect("assessments:results", assessment.id)


def limit_signs(allowance: Allowance) -> tuple[Sign, ...]:
    return (Sign.OVER_LIMIT,) if allowance.is_exceeded else ()


def has_proof(request: HttpRequest, session: AssessmentSession) -> bool:
    """Whether the proof of work is valid, or switched off."""
    return not config.PROOF_OF_WORK_ENABLED or is_proven(session.assessment.id, request.POST.get("proof", ""))


def posted_answers(request: HttpRequest, section: Section) -> dict[str, str]:
    """The posted answers of this step, by question key."""
    posted = {question.key: request.POST.get(question.key, "") for question in section.questions}
    return {key: answer for key, answer in posted.items() if answer}


def posted_seconds(request: HttpRequest, section: Section) -> dict[str, int]:
    """The seconds reported by the browser, by question key."""
    reported = {
        question.key: answer_validation.parse_seconds(request.POST.get(f"seconds-{question.key}", ""))
        for question in section.questions
    }
    return {key: seconds for key, seconds in reported.items() if seconds is not None}


def minutes_left(definition: Definition, step: int) -> int:
    """Minutes for this step and the ones after it, rounded up."""
    return -(-definition.estimated_time * (definition.total_steps - step + 1) // definition.total_steps)


def asked_questions(
    section: Section, session: AssessmentSession, *, check: bool
) -> tuple[AskedQuestion, ...]:
    """The questions of a step with their answers; with `check`, unanswered required ones have an error."""
    missing = {
        question.key
        for question in section.questions
        if check and question.is_required and question.key not in session.responses
    }
    return tuple(
        AskedQuestion(
            question,
            session.responses.get(question.key, ""),
            str(WORDS[AnswerProblem.MISSING]) if question.key in missing else "",
            session.time_spent.get(question.key),
        )
        for question in section.questions
    )


def render_step(
    request: HttpRequest, session: AssessmentSession, definition: Definition, step: int
) -> HttpResponse:
    questions = asked_questions(definition.sections[step - 1], session, check=CHECK in request.GET)
    context = {
        "assessment": session.assessment.id,
        "switches": "step",  # posted by the language switch
        "definition": definition,
        "step": step,
        "total_steps": definition.total_steps,
        "minutes_left": minutes_left(definition, step),
        "section": definition.sections[step - 1],
        "questions": questions,
        "proof": challenge(session.assessment.id) if config.PROOF_OF_WORK_ENABLED else None,
        "errors": sum(bool(asked.error) for asked in questions),
        "previous_url": reverse("assessments:step", args=[step - 1]) if step > 1 else None,
        "is_last": step == definition.total_steps,
        "mail_is_set_up": settings.MAIL_IS_SET_UP,
    }
    return render(request, "assessments/step.html", context)
