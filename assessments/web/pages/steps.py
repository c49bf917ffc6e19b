"""One page for each step of the form."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from constance import config
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assessments.bots.honeypot import honeypot_signs
from assessments.bots.proof import challenge, is_proven
from assessments.errors import AlreadySubmitted, AssessmentNotFound
from assessments.lifecycle import answer_validation, consents, services
from assessments.lifecycle.address_proof import shows_details
from assessments.lifecycle.services import ConsentChoice
from assessments.models import AssessmentSession, ConsentSource
from assessments.models.email_domains import did_you_mean
from assessments.qualification import Contact
from assessments.web.contact_form import ContactForm
from assessments.web.cookies import read_token, set_token
from assessments.web.error_pages import with_error_pages
from scorecard import versions
from scorecard.definition import Definition, Question, Section
from web import rate_limits
from web.client_address import client_hash
from web.languages import PARAMETER, current_language, page_language, supported


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question with the chosen option's id ('' for none) and what is wrong with the choice."""

    question: Question
    answer: str
    error: str = ""
    seconds: int | None = None  # spent on it so far


@dataclass(frozen=True, slots=True)
class SentStep:
    """A posted step: its valid answers, and every question as it is shown again."""

    answers: dict[str, str]
    questions: tuple[AskedQuestion, ...]
    contact: Contact | None
    email: str
    email_error: str = ""
    ticked: tuple[str, ...] = ()
    time_spent: Mapping[str, int] = field(default_factory=dict)

    @property
    def errors(self) -> int:
        return sum(bool(asked.error) for asked in self.questions) + bool(self.email_error)


@require_http_methods(["GET", "HEAD", "POST"])
@with_error_pages
def step(request: HttpRequest, step: int) -> HttpResponse:
    """Show a step; save what is posted, and continue when nothing required is missing."""
    token = read_token(request)
    session = services.open_session(token)
    if session.assessment.completed_at:
        raise AlreadySubmitted
    definition = versions.get(session.assessment.version_id).in_language(current_language())
    if not 1 <= step <= definition.total_steps:
        raise AssessmentNotFound
    if request.method == "POST":
        return save_step(request, token, session, definition, step)
    if step > (open_step := answer_validation.first_open_step(definition, session.responses)):
        return redirect("assessments:step", open_step)
    questions = tuple(
        AskedQuestion(
            question,
            session.responses.get(question.key, ""),
            seconds=session.time_spent.get(question.key),
        )
        for question in definition.sections[step - 1].questions
    )
    email = (session.email or "") if shows_details(session) else ""
    return render_step(request, session, definition, step, SentStep({}, questions, None, email))


def save_step(
    request: HttpRequest, token: str, session: AssessmentSession, definition: Definition, step: int
) -> HttpResponse:
    rate_limits.spend("saves", session.pk)
    sent = read_step(request, definition.sections[step - 1], session)
    response: HttpResponse
    direction = request.POST.get("direction")
    language = supported(request.POST.get("switch"))
    # A ticked box counts when the visitor continues, not on autosave or a language switch.
    goes_on = direction != "save" and not language
    said = (
        ConsentChoice(consents.ticked_choices(sent.ticked), ConsentSource.STEP, page_language(request))
        if goes_on
        else ConsentChoice()
    )
    services.save_progress(
        session,
        step=step,
        answers=sent.answers,
        contact=sent.contact,
        said=said,
        time_spent=sent.time_spent,
        signs=honeypot_signs(request),
    )
    if direction == "save":  # errors are shown when the visitor continues
        response = HttpResponse(status=204)
    elif language:  # the same page
        response = redirect(f"{reverse('assessments:step', args=[step])}?{PARAMETER}={language}")
    elif direction == "elsewhere":
        response = redirect("mailings:resume_by_mail")
    elif direction == "back":
        response = redirect("assessments:step", max(step - 1, 1))
    elif sent.errors:
        response = render_step(request, session, definition, step, sent, status=422)
    elif step < definition.total_steps:
        response = redirect("assessments:step", step + 1)
    else:
        rate_limits.spend("submits", client_hash(request))
        assessment = services.submit_assessment(token, proven=has_proof(request, session))
        response = redirect("assessments:results", assessment.id)
    set_token(response, token)
    return response


def has_proof(request: HttpRequest, session: AssessmentSession) -> bool:
    """Whether the proof of work is valid, or switched off."""
    return not config.PROOF_OF_WORK_ENABLED or is_proven(session.assessment.id, request.POST.get("proof", ""))


def read_step(request: HttpRequest, section: Section, session: AssessmentSession) -> SentStep:
    """Parse a posted step: valid answers, and an error for each missing or invalid one."""
    answers = {}
    questions = []
    for question in section.questions:
        chosen = request.POST.get(question.key, "")
        if question.option(chosen):
            answers[question.key] = chosen
            questions.append(AskedQuestion(question, chosen))
        elif chosen:
            questions.append(AskedQuestion(question, "", _("Please choose one of the options.")))
        else:
            kept = session.responses.get(question.key, "")
            required = question.is_required and not kept
            missing = _("Please choose an answer.") if required else ""
            questions.append(AskedQuestion(question, kept, missing))
    time_spent = {
        question.key: seconds
        for question in section.questions
        if (seconds := answer_validation.parse_seconds(request.POST.get(f"seconds-{question.key}", "")))
        is not None
    }
    questions = [replace(asked, seconds=time_spent.get(asked.question.key)) for asked in questions]
    email = request.POST.get("email", "")[:300]
    form = ContactForm({"email": email})
    ticked = tuple(request.POST.getlist("consent"))
    if form.is_valid():
        return SentStep(
            answers, tuple(questions), form.contact(), email, ticked=ticked, time_spent=time_spent
        )
    return SentStep(answers, tuple(questions), None, email, str(form.errors["email"][0]), ticked, time_spent)


def minutes_left(definition: Definition, step: int) -> int:
    """For this step and those after it, rounded up."""
    return -(-definition.estimated_time * (definition.total_steps - step + 1) // definition.total_steps)


def render_step(
    request: HttpRequest,
    session: AssessmentSession,
    definition: Definition,
    step: int,
    sent: SentStep,
    *,
    status: int = 200,
) -> HttpResponse:
    context = {
        "assessment": session.assessment.id,
        "switches": "step",  # the form that a switch of the language sends
        "definition": definition,
        "step": step,
        "total_steps": definition.total_steps,
        "minutes_left": minutes_left(definition, step),
        "section": definition.sections[step - 1],
        "questions": sent.questions,
        "email": sent.email,
        "address_hint": "" if sent.email_error else did_you_mean(sent.email),
        "proof": challenge(session.assessment.id) if config.PROOF_OF_WORK_ENABLED else None,
        "email_error": sent.email_error,
        "consents": () if sent.email and not sent.errors else consents.consent_boxes(),
        "ticked": sent.ticked,
        "errors": sent.errors,
        "previous_url": reverse("assessments:step", args=[step - 1]) if step > 1 else None,
        "is_last": step == definition.total_steps,
        "mail_is_set_up": settings.MAIL_IS_SET_UP,
    }
    return render(request, "assessments/step.html", context, status=status)
