"""The privacy page: data subjects view, correct, export and erase their data, and change consents.

Requests by address get the same response whether or not the address is known; the access link is mailed to
that address.
"""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from assessments.errors import AssessmentNotFound
from assessments.lifecycle import consents, services
from assessments.lifecycle.address_proof import details_are_proven, lock_assessments, prove, shows_details
from assessments.lifecycle.corrections import change_consent, correct
from assessments.models import (
    AddressProof,
    Assessment,
    ConsentSource,
    PrivacyLink,
    Purpose,
    SuppressedAddress,
)
from assessments.models.contact import CONTACT_FIELDS
from assessments.models.session import hash_token
from assessments.web.contact_form import AddressForm, LeadForm
from assessments.web.cookies import read_token
from assessments.web.error_pages import with_error_pages
from branding.data_controller import controller
from encryption.email_addresses import address_hash, stored_hashes
from mailings.pages import device_of
from mailings.queue import enqueue_privacy_link
from privacy.pages.access_key import link_of_browser, redirect_with_key, with_key
from privacy.requests.erasure import erase
from privacy.requests.erasure_status import answer_due, status_by_system
from privacy.requests.person import Person, by_link
from privacy.requests.personal_data import export_document, personal_data_of
from privacy.requests.personal_data_in_words import moment_in_words, personal_data_in_words
from web import rate_limits
from web.client_address import client_hash
from web.languages import page_language


@require_safe
@with_error_pages
def privacy_page(request: HttpRequest) -> HttpResponse:
    """Explain the data subject's rights and offer the form for the access link."""
    context = {"form": AddressForm(), "has_key": link_of_browser(request), **reaching_us()}
    return render(request, "privacy/page.html", context)


def reaching_us() -> dict[str, Any]:
    """Return template context: whether a link can be mailed, and the other ways to contact us."""
    return {"mail_is_set_up": settings.MAIL_IS_SET_UP, "write_to": controller().reached_at}


@require_POST
@with_error_pages
def ask_for_link(request: HttpRequest) -> HttpResponse:
    """Mail the access link to an address if it is known; the response does not reveal whether it is."""
    rate_limits.enforce_limit("privacy_requests", client_hash(request))
    form = AddressForm(request.POST)
    if not form.is_valid():
        return render(request, "privacy/page.html", {"form": form, **reaching_us()}, status=422)
    enqueue_privacy_link(form.cleaned_data["email"], timezone.now(), device_of(request))
    return render(request, "privacy/asked.html", reaching_us())


@require_safe
@with_error_pages
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """Open a mailed link. Changes nothing, because mail scanners open links too."""
    return redirect_with_key(key_in_url(token))


def key_in_url(token: str) -> str:
    return token[:200] if token.isascii() else ""  # a header takes no other token


@require_POST
@with_error_pages
def from_result(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """Issue a key to this assessment from its result page, to the browser that made it."""
    session = services.open_session(read_token(request))
    if session.assessment.id != assessment_id:
        raise AssessmentNotFound
    rate_limits.enforce_limit("saves", session.pk)
    with transaction.atomic():
        lock_assessments(
            [session.assessment]
        )  # who proves or corrects at this moment ends the keys given out before
        session = services.open_session(read_token(request))
        if not shows_details(session):  # proven on another device, so a mailed link is required
            return redirect("privacy:page")
        return redirect_with_key(PrivacyLink.objects.make(session.assessment))


@require_safe
@with_key
def your_data(request: HttpRequest, link: PrivacyLink) -> HttpResponse:
    """Show all personal data with a button for each right; after an erasure, show its progress."""
    return render_your_data(request, link)


def render_your_data(
    request: HttpRequest, link: PrivacyLink, form: LeadForm | None = None, error: str = "", status: int = 200
) -> HttpResponse:
    if link.erasure:
        context: dict[str, object] = {
            "standings": status_by_system(link.erasure),
            "due": moment_in_words(answer_due(link.erasure)),
            "page_mark": link.page_mark,
        }
        return render(request, "privacy/erased.html", context)
    person = by_link(link)
    if person is None:
        context = {"done": request.GET.get("done", ""), **reaching_us()}
        return render(request, "privacy/nothing_left.html", context)
    choices = person.choices
    context = {
        "person": person,
        "sections": personal_data_in_words(person, personal_data_of(person)),
        "form": form or LeadForm(initial=contact_details(person, browser_session(request))),
        "purposes": [(purpose, consents.consent_text(purpose), choices.get(purpose)) for purpose in Purpose],
        "to_confirm": None if person.proven else Purpose.MARKETING,
        "error": error,
        "done": request.GET.get("done", ""),
        "page_mark": link.page_mark,
        **reaching_us(),
    }
    return render(request, "privacy/yours.html", context, status=status)


def contact_details(person: Person, session_id: str) -> dict[str, str | None]:
    """Return initial form values: details given by the person, not by a stranger using their address.

    Taken from the newest assessment whose details are proven, else from that of this browser (`session_id`),
    else from the newest with a name, company or phone number; of that only the address if the person once
    gave details under it that have gone to another address: what is left may be a stranger's.
    """

    def rank(assessment: Assessment) -> tuple[bool, bool, bool]:
        found = contact_of(assessment)
        named = any(found[field] for field in CONTACT_FIELDS if field != "email")
        return details_are_proven(assessment), named and assessment.session_id == session_id, named

    best = max(person.assessments, key=rank)  # the first of equals, which is the newest
    details = contact_of(best)
    proven, own, _named = rank(best)
    if proven or own or not gave_details(person.address):
        return details
    return {"email": details["email"]}


def gave_details(address: str) -> bool:
    """Whether the holder of the address ever gave contact details under it."""
    owners = stored_hashes(address)
    return AddressProof.objects.filter(address_hash__in=owners, covers_details=True).exists()


def contact_of(assessment: Assessment) -> dict[str, str | None]:
    """Return the contact details of an assessment, from its session while it is unfinished."""
    source = assessment if assessment.email else assessment.session
    return {field: getattr(source, field) for field in CONTACT_FIELDS}


def require_person(link: PrivacyLink) -> Person:
    """Return the person behind a link; raises Http404 after erasure or scrub."""
    person = None if link.erasure else by_link(link)
    if person is None:
        raise AssessmentNotFound
    rate_limits.enforce_limit("saves", link.pk)
    return person


def note_proof(request: HttpRequest, person: Person, *, returns: bool, corrected: bool = False) -> None:
    """Record that changing something with a mailed key proves the address, in all their assessments.

    `returns`: they want something from us again, which lifts the suppression of an earlier erasure.
    `corrected`: they enter their contact details.
    """
    if person.proven:
        if returns:
            SuppressedAddress.objects.lift(person.address)
        owner, session_id = address_hash(person.address), browser_session(request)
        prove(person.assessments, owner, session_id=session_id, corrected=corrected)


def browser_session(request: HttpRequest) -> str:
    """The key of the session that this browser has; one of nobody without any."""
    return hash_token(read_token(request))


def back_to_your_data(done: str) -> HttpResponse:
    return redirect(f"{reverse('privacy:yours')}?done={done}")


@require_POST
@with_key
def correct_yours(request: HttpRequest, link: PrivacyLink) -> HttpResponse:
    """Correct the contact details in every assessment. A new address must be confirmed by mail first."""
    person = require_person(link)
    form = LeadForm(request.POST)
    if not form.is_valid():
        return render_your_data(request, link, form, status=422)
    contact = form.contact()
    note_proof(request, person, returns=True, corrected=True)
    correct(person.assessments, contact, ConsentSource.PRIVACY_PAGE, proven=person.proven)
    if person.proven and contact.email and contact.email != person.address:
        enqueue_privacy_link(contact.email, timezone.now())
        return back_to_your_data("moved")
    return back_to_your_data("corrected")


@require_POST
@with_key
def change_your_consent(request: HttpRequest, link: PrivacyLink) -> HttpResponse:
    """Withdraw or give one consent, with one click either way."""
    person = require_person(link)
    purpose = request.POST.get("purpose", "")
    if purpose not in Purpose.values:
        raise AssessmentNotFound
    note_proof(request, person, returns=request.POST.get("give") == "1")
    choice = {Purpose(purpose): request.POST.get("give") == "1"}
    change_consent(
        person.address,
        person.assessments,
        choice,
        ConsentSource.PRIVACY_PAGE,
        proven=person.proven,
        language=page_language(request),
    )
    return back_to_your_data("consent")


@require_safe
@with_key
def download(request: HttpRequest, link: PrivacyLink, form: str) -> HttpResponse:
    """Download the personal data: JSON for programs, HTML for people."""
    person = None if link.erasure else by_link(link)
    if person is None or form not in ("json", "html"):
        raise Http404
    response: HttpResponse
    if form == "json":
        response = JsonResponse(export_document(person), json_dumps_params={"indent": 2})
    else:
        context = {
            "person": person,
            "sections": personal_data_in_words(person, personal_data_of(person)),
            "made_at": timezone.now(),
            "controller": controller(),
        }
        response = HttpResponse(render_to_string("privacy/download.html", context))
    response["Content-Disposition"] = f'attachment; filename="my-data.{form}"'
    return response


@require_POST
@with_key
def erase_yours(request: HttpRequest, link: PrivacyLink) -> HttpResponse:
    """Erase the person at once. If the address is not proven, mail them the access link first."""
    person = require_person(link)
    if not person.proven:
        enqueue_privacy_link(person.address, timezone.now())
        return back_to_your_data("mailed")
    if request.POST.get("sure") != "1":
        return render_your_data(
            request, link, error=_("Please confirm that you want us to erase your data."), status=422
        )
    erase(person.address, asked_by="prospect")
    return redirect("privacy:yours")


@require_POST
@with_key
def revoke_key(request: HttpRequest, link: PrivacyLink) -> HttpResponse:
    """Revoke the access key: it no longer opens anything."""
    PrivacyLink.objects.filter(pk=link.pk).revoke()
    response = redirect("privacy:page")
    response.delete_cookie(settings.PRIVACY_COOKIE_NAME)
    return response
