"""The pages of the form: one per step."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from typing import Any
from uuid import UUID

from constance import config
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from assessments.bots.honeypot import honeypot_signs
from assessments.bots.proof import challenge, is_proven
from assessments.errors import AlreadySubmitted, AssessmentNotFound, OtherAssessment
from assessments.lifecycle import services
from assessments.lifecycle.answer_validation import missing_answers, parse_seconds
from assessments.models import AssessmentSession
from assessments.models.signs import Sign
from assessments.web.answer_words import problem_in_words
from assessments.web.cookies import key_in_path, read_token, set_token
from assessments.web.error_pages import with_error_pages
from assessments.web.posted_files import UploadLimits, limits_of, store_posted_files
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
from scorecard.adaptive.shuffling import options_in_order
from scorecard.definition import Definition, Option, Question, Section
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


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question as the page shows it, with the answer given and its error."""

    question: Question
    answer: Answer | None
    error: str = ""
    seconds: int | None = None  # seconds spent on it so far
    is_required: bool = False
    is_hidden: bool = False
    number: int | None = None  # among all questions that are shown
    seed: str = ""  # of the order of its options

    @property
    def options(self) -> tuple[Option, ...]:
        """The options in the order of this assessment."""
        return options_in_order(self.question, self.seed)

    @property
    def template(self) -> str:
        return type_of(self.question).template

    @property
    def shown_answer(self) -> Answer | None:
        """The answer, or else the default one."""
        return self.question.default if self.answer is None else self.answer

    @property
    def role(self) -> str:
        return type_of(self.question).role

    @property
    def choices(self) -> Sequence[tuple[Any, Any]]:
        """What the template of the type lists."""
        return type_of(self.question).choices(self.question, self.shown_answer)

    @property
    def text_value(self) -> str:
        """The answer as the text of an input."""
        return "" if self.shown_answer is None else str(self.shown_answer)

    @property
    def suggestion(self) -> str:
        suggested = self.question.suggested
        return type_of(self.question).in_words(self.question, suggested.value) if suggested else ""

    @property
    def upload(self) -> UploadLimits | None:
        """What a question that takes files says of them."""
        return limits_of(self.question)

    @property
    def target(self) -> str:
        """The id of the control that a link to the question leads to."""
        if self.question.shuffle and self.options:
            return f"{self.question.key}-{self.options[0].id}"
        return type_of(self.question).target(self.question)


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
        return redirect(f"{reverse('assessments:step', args=[step])}?{PARAMETER}={language}")
    if direction == "elsewhere":
        return redirect(page_url("resume_by_mail"))
    now = visible(definition, session.responses)
    if direction == "back":
        return redirect("assessments:step", previous_page(definition, now, step) or step)
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
    again = reverse("assessments:step", args=[step])
    if seen and any(key not in seen and key not in session.responses for key in keys):
        return redirect(f"{again}?{OPENED}=1")
    if any(key in now.required and not is_answered(definition, key, session.responses) for key in keys):
        return redirect(f"{again}?{CHECK}=1")
    if following := next_page(definition, now, step):
        return redirect("assessments:step", following)
    if missing_answers(definition, session.responses):
        return redirect(f"{reverse('assessments:step', args=[first_open(session, definition)])}?{CHECK}=1")
    if asks_address(definition) and not session.email:
        return redirect("assessments:address")
    return finish(request, token, session)


def asks_address(definition: Definition) -> bool:
    """Whether the address is asked before the result: as the author says, else as the installation is set."""
    if definition.ask_address:
        return definition.ask_address == "before_result"
    return bool(config.ASK_ADDRESS_BEFORE_RESULT)


def finish(request: HttpRequest, token: str, session: AssessmentSession) -> HttpResponse:
    """Submit the assessment and redirect to its result."""
    assessment = services.submit_assessment(token, proven=has_proof(request, session))
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


def asked_questions(
    page: Section,
    session: AssessmentSession,
    now: Visible,
    problems: Mapping[str, str],
    posted: Mapping[str, Answer],
    *,
    after: int,
) -> tuple[AskedQuestion, ...]:
    """The questions of a page, hidden ones too: the browser shows them when an answer opens them.

    `after`: how many questions are shown before it.
    """
    numbers = count(after + 1)
    return tuple(
        AskedQuestion(
            question,
            posted.get(question.key, session.responses.get(question.key)),
            problems.get(question.key, ""),
            session.time_spent.get(question.key),
            is_required=question.key in now.required,
            is_hidden=question.key in now.skipped,
            number=None if question.key in now.skipped else next(numbers),
            seed=str(session.assessment.pk),
        )
        for question in page.questions
    )


def fieldset(version_id: UUID, definition: Definition, asked: AskedQuestion) -> SafeString:
    """The HTML of a question. Options without an answer are the same for everybody, and rendered once."""
    if not asked.role or asked.answer is not None or asked.seconds is not None or asked.error:
        return render_question(definition, asked)
    shown = (asked.question.key, asked.is_required, asked.is_hidden, asked.number)
    return open_fieldset(version_id, definition.language, current_language(), shown)


@lru_cache(maxsize=1000)  # of some kilobytes each
def open_fieldset(
    version_id: UUID, language: str, page_language: str, shown: tuple[str, bool, bool, int | None]
) -> SafeString:
    """The HTML of a question without an answer, in the language of the questionnaire on a page of another."""
    definition = versions.get(version_id).in_language(language)
    key, is_required, is_hidden, number = shown
    asked = AskedQuestion(
        definition.questions[key], None, is_required=is_required, is_hidden=is_hidden, number=number
    )
    return render_question(definition, asked)


def render_question(definition: Definition, asked: AskedQuestion) -> SafeString:
    context = {"definition": definition, "item": asked, "question": asked.question}
    return render_to_string("assessments/_question.html", context)


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
        "adaptive": adaptive_data(definition, page, session.responses),
        "proof": challenge(session.assessment.id) if config.PROOF_OF_WORK_ENABLED else None,
        "takes_files": any(asked.upload for asked in questions),
        "errors": sum(bool(asked.error) for asked in questions),
        "previous_url": reverse("assessments:step", args=[previous]) if previous else None,
        "is_last": next_page(definition, now, step) is None,
        "mail_is_set_up": settings.MAIL_IS_SET_UP,
    }
    return render(request, "assessments/step.html", context, status=422 if problems else 200)
