"""The pages of a preview: a frame as wide as a phone or a desk, and in it the form, the result and the PDF.

Answers travel from page to page in the form itself. The pages are those that respondents see, without the
scripts that save.
"""

import json
from collections.abc import Callable, Mapping
from functools import wraps
from itertools import count
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_safe

from assessments.lifecycle.answer_validation import CheckedAnswers, validate
from assessments.results.comparison import NO_COMPARISON
from assessments.results.report import Report, render_report
from assessments.results.result import Result, computed_result, result_of_answers
from assessments.web.answer_words import problem_in_words
from assessments.web.pages.asked_questions import AskedQuestion
from assessments.web.pages.results import PAGE as RESULT_PAGE
from assessments.web.pages.results import result_parts
from assessments.web.pages.steps import posted_answers
from assessments.web.posted_files import limits_of
from assessments.web.preview.links import PreviewClosed, Previewed, open_preview
from assessments.web.preview.samples import answers_near
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
from scorecard.definition import Band, Definition, Section
from scorecard.improvement import WayUp, way_up
from scorecard.question_types import Answer, type_of
from scorecard.scoring import score
from scorecard.visibility import Visible, is_answered, visible
from web import rate_limits
from web.client_address import client_hash
from web.languages import current_language

MOST_CHARACTERS = 200_000  # of the answers that a page hands on
WIDTHS = ("phone", "desk")
NO_WORDS: Mapping[str, str] = {}
View = Callable[..., HttpResponse]


def preview_page(view: View) -> View:
    """Decorate a view that is given what the link leads to. Its pages are framed by our own only."""

    @wraps(view)
    @never_cache
    @xframe_options_sameorigin
    def inner(request: HttpRequest, token: str, **options: Any) -> HttpResponse:
        rate_limits.enforce_limit("result_views", client_hash(request))
        try:
            previewed = open_preview(token, current_language())
        except PreviewClosed:
            return render(request, "assessments/preview/closed.html", status=404)
        response = view(request, previewed, token, **options)
        response["X-Robots-Tag"] = "noindex"
        response._csp_update = {"frame-src": ["'self'"]}  # type: ignore[attr-defined]  # read by django-csp
        response._csp_replace = {"frame-ancestors": ["'self'"]}  # type: ignore[attr-defined]  # the same
        return response

    return inner


@require_safe
@preview_page
def preview_frame(request: HttpRequest, previewed: Previewed, token: str) -> HttpResponse:
    """Choose what to look at, and how wide; it stands in a frame below."""
    definition = previewed.definition
    shown = request.GET.get("page", "1")
    score = chosen_score(request)
    if shown == "result":
        source = f"{reverse('preview:result', args=[token])}?score={score}"
    else:
        step = int(shown) if shown.isdecimal() and 1 <= int(shown[:4]) <= len(definition.pages) else 1
        source = reverse("preview:step", args=[token, step])
    context = {
        "previewed": previewed,
        "token": token,
        "pages": [(str(number), page.name) for number, page in enumerate(definition.pages, 1)],
        "page": shown,
        "score": score,
        "width": width if (width := request.GET.get("width")) in WIDTHS else WIDTHS[0],
        "source": f"{source}{'&' if '?' in source else '?'}lang={current_language()}",
        "report": reverse("preview:report", args=[token]),
    }
    return render(request, "assessments/preview/frame.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@preview_page
def preview_step(request: HttpRequest, previewed: Previewed, token: str, step: int) -> HttpResponse:
    """A page of the form; posted, the page after it with what was answered so far."""
    definition = previewed.definition
    if not 1 <= step <= len(definition.pages):
        return render(request, "assessments/preview/closed.html", status=404)
    if request.method != "POST":
        return render_page(request, token, definition, step, {})
    page = definition.pages[step - 1]
    checked = validate(definition, posted_answers(request, page))
    answers = checked.merged_into(answers_so_far(request, definition))
    now = visible(definition, answers)
    if request.POST.get("direction") == "back":
        return render_page(request, token, definition, previous_page(definition, now, step) or step, answers)
    if words := problem_words(checked, now):
        return render_page(request, token, definition, step, answers, words)
    return page_after(request, token, definition, step, answers)


def page_after(
    request: HttpRequest, token: str, definition: Definition, step: int, answers: Mapping[str, Answer]
) -> HttpResponse:
    """The next page, this or an earlier one if it has more to answer, or the result: as the form goes on."""
    page, now = definition.pages[step - 1], visible(definition, answers)
    asked = set(request.POST.getlist("asked"))
    if any(each.key in now.shown and each.key not in asked for each in page.questions):
        return render_page(request, token, definition, step, answers, opened=True)
    if words := words_of_missing(request, page, now, definition, answers):
        return render_page(request, token, definition, step, answers, words)
    if following := next_page(definition, now, step):
        return render_page(request, token, definition, following, answers)
    first = first_open_page(definition, answers)
    if words := words_of_missing(request, definition.pages[first - 1], now, definition, answers):
        return render_page(request, token, definition, first, answers, words)
    return render_preview(request, result_of_answers(definition, now.answers(answers), timezone.now()))


def answers_so_far(request: HttpRequest, definition: Definition) -> dict[str, Answer]:
    """The valid answers that the pages before handed on."""
    try:
        sent = json.loads(request.POST.get("answers", "{}")[:MOST_CHARACTERS])
    except ValueError:
        sent = {}
    return validate(definition, sent if isinstance(sent, dict) else {}).valid


def problem_words(checked: CheckedAnswers, now: Visible) -> dict[str, str]:
    return {
        key: problem_in_words(problem) for key, problem in checked.problems.items() if key not in now.skipped
    }


def words_of_missing(
    request: HttpRequest, page: Section, now: Visible, definition: Definition, answers: Mapping[str, Answer]
) -> dict[str, str]:
    """The messages for required questions of a page without an answer. A file counts when it is chosen."""
    missing = (
        question
        for question in page.questions
        if question.key in now.required and not is_answered(definition, question.key, answers)
    )
    return {
        question.key: gettext(type_of(question).missing)
        for question in missing
        if not ((upload := limits_of(question)) and request.POST.get(upload.field))
    }


def render_page(
    request: HttpRequest,
    token: str,
    definition: Definition,
    step: int,
    answers: Mapping[str, Answer],
    words: Mapping[str, str] = NO_WORDS,
    *,
    opened: bool = False,
) -> HttpResponse:
    page = definition.pages[step - 1]
    now = visible(definition, answers)
    pages = shown_pages(definition, now)
    here = {question.key for question in page.questions}
    context = {
        "definition": definition,
        "token": token,
        "step": step,
        "number": pages.index(step) + 1 if step in pages else step,
        "total_steps": len(pages),
        "minutes_left": minutes_left(definition, now, step),
        "section": page,
        "questions": preview_questions(page, now, answers, words, after=asked_before(definition, now, step)),
        "progress": progress(definition, answers),
        "elsewhere": progress_elsewhere(definition, page, answers),
        "errors": len(words),
        "opened": opened,
        "answers": json.dumps({key: answer for key, answer in answers.items() if key not in here}),
        "previous": previous_page(definition, now, step),
        "is_last": next_page(definition, now, step) is None,
    }
    return render(request, "assessments/preview/step.html", context, status=422 if words else 200)


def preview_questions(
    page: Section, now: Visible, answers: Mapping[str, Answer], words: Mapping[str, str], *, after: int
) -> list[AskedQuestion]:
    numbers = count(after + 1)
    return [
        AskedQuestion(
            question,
            answers.get(question.key),
            words.get(question.key, ""),
            is_required=question.key in now.required,
            is_hidden=question.key in now.skipped,
            number=None if question.key in now.skipped else next(numbers),
        )
        for question in page.questions
    ]


@require_safe
@preview_page
def preview_result(request: HttpRequest, previewed: Previewed, token: str) -> HttpResponse:
    """The result of any score."""
    return render_preview(request, result_at(previewed.definition, chosen_score(request)))


@require_safe
@preview_page
def preview_report(request: HttpRequest, previewed: Previewed, token: str) -> HttpResponse:
    """The PDF of any score."""
    pdf = render_report(Report(result_at(previewed.definition, chosen_score(request))))
    headers = {"Content-Disposition": 'inline; filename="preview.pdf"'}
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)


def chosen_score(request: HttpRequest) -> int:
    text = request.GET.get("score", "")
    return min(int(text), 100) if text.isascii() and text.isdigit() and len(text) <= 3 else 50


def result_at(definition: Definition, total: int) -> Result:
    """The result of a total that each area has, with answers that come close to it."""
    band = next((each for each in definition.bands if each.min_score <= total <= each.max_score), None)
    scores = {area.key: total for area in definition.areas if area.weight} if band else {}
    answers = answers_near(definition, total) if band else {}
    return computed_result(
        definition,
        answers,
        completed_at=timezone.now(),
        total=total if band else None,
        scores=scores,
        category=band.key if band else "",
        way_up=way_from(definition, answers, band) if band else None,
    )


def way_from(definition: Definition, answers: Mapping[str, Answer], band: Band) -> WayUp | None:
    """The shortest way up from these answers, unless they come to another category than the one shown."""
    try:
        return way_up(definition, answers) if score(definition, answers).category == band.key else None
    except LookupError:  # the bands of a draft may leave gaps
        return None


def render_preview(request: HttpRequest, shown: Result) -> HttpResponse:
    parts = result_parts(shown, NO_COMPARISON, unlocked=True)
    return render(request, RESULT_PAGE, parts | {"preview": True})
