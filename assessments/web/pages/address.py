"""Ask for the e-mail address once, between the last answer and the result. It can be skipped."""

from constance import config
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from assessments.bots.honeypot import honeypot_signs
from assessments.bots.proof import challenge
from assessments.lifecycle import answer_validation, consents, services
from assessments.lifecycle.address_proof import shows_details
from assessments.lifecycle.services import ConsentChoice
from assessments.models import AssessmentSession, ConsentSource, Purpose
from assessments.web.contact_form import OptionalAddressForm
from assessments.web.cookies import key_in_path, read_token, set_token
from assessments.web.error_pages import with_error_pages
from assessments.web.pages.steps import finish, limit_signs, open_form_session
from scorecard import versions
from web import rate_limits
from web.languages import page_language

CONSENT_WITHOUT_ADDRESS = gettext_lazy(
    "Please enter your e-mail address, or untick the boxes below: without it we cannot write to you."
)


@require_http_methods(["GET", "HEAD", "POST"])
@with_error_pages
def address(request: HttpRequest) -> HttpResponse:
    """Save or skip the address and show the result; an empty field removes a previous address."""
    token = read_token(request)
    session = open_form_session(request, token)
    definition = versions.get(session.assessment.version_id).definition
    if answer_validation.missing_answers(definition, session.responses):
        return redirect("assessments:resume")
    if request.method != "POST":
        return render_address(
            request,
            session,
            OptionalAddressForm(initial={"email": session.email if shows_details(session) else None}),
        )
    direction = request.POST.get("direction")
    if direction == "back":
        return redirect("assessments:step", session.total_steps)
    if direction != "skip":
        form = OptionalAddressForm(request.POST)
        if form.is_valid() and not form.cleaned_data["email"] and agrees(request, session):
            form.add_error("email", CONSENT_WITHOUT_ADDRESS)
        if not form.is_valid():
            return render_address(request, session, form, status=422)
        save_address(request, session, form.cleaned_data["email"])
    response = finish(request, token, session)
    set_token(response, token, key_in_path(request))
    return response


def agrees(request: HttpRequest, session: AssessmentSession) -> bool:
    """Whether a consent on the page is ticked."""
    shown = {box.purpose.value for box in consents.consent_boxes(session.assessment.version_id)}
    return bool(shown & set(request.POST.getlist("consent")))


def save_address(request: HttpRequest, session: AssessmentSession, address: str | None) -> None:
    ticked = consents.ticked_choices(request.POST.getlist("consent"))
    services.save_progress(
        session,
        step=session.total_steps,
        answers={},
        contact={"email": address},
        consent=ConsentChoice(ticked, ConsentSource.STEP, page_language(request)),
        signs=(*honeypot_signs(request), *limit_signs(rate_limits.count_action("saves", session.pk))),
    )


def render_address(
    request: HttpRequest, session: AssessmentSession, form: OptionalAddressForm, *, status: int = 200
) -> HttpResponse:
    boxes = consents.consent_boxes(session.assessment.version_id)
    context = {
        "assessment": session.assessment.id,
        "form": form,
        "has_score": versions.get(session.assessment.version_id).definition.has_score,
        "mails_result": any(box.purpose == Purpose.RESULT for box in boxes),
        "consents": boxes,
        "ticked": request.POST.getlist("consent"),
        "hubspot_needs_consent": config.HUBSPOT_NEEDS_CONSENT,
        "proof": challenge(session.assessment.id) if config.PROOF_OF_WORK_ENABLED else None,
    }
    return render(request, "assessments/address.html", context, status=status)
