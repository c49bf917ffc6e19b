"""The page behind the link of a confirmation mail: the second step of the double opt-in to marketing.

The mail has a key to the privacy page, so the page knows the address and all its assessments. Nothing is
recorded before a button is pressed: mail scanners open every link.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from assessments.lifecycle.consents import consent_text
from assessments.lifecycle.corrections import change_consent
from assessments.models import ConsentSource, PrivacyLink, Purpose
from assessments.web.error_pages import with_error_pages
from privacy.pages.access_key import redirect_with_key, with_key
from privacy.pages.self_service import key_in_url, note_proof, require_person
from privacy.requests.person import by_link
from web.languages import page_language


@require_safe
@with_error_pages
def open_confirmation(request: HttpRequest, token: str) -> HttpResponse:
    """Open the mailed link; changes nothing."""
    return redirect_with_key(key_in_url(token), "privacy:confirm")


@require_http_methods(["GET", "HEAD", "POST"])
@with_key
def confirm(request: HttpRequest, link: PrivacyLink) -> HttpResponse:
    """Ask for the confirmation, and record the answer of the address's owner: yes, or not me."""
    person = None if link.erasure else by_link(link)
    if person is None or not person.proven:
        return redirect("privacy:yours")  # which says what has become of the data
    version = max(person.assessments, key=lambda assessment: assessment.created_at).version_id
    if request.method != "POST":
        context = {
            "wish": consent_text(Purpose.MARKETING, version=version),
            "said": person.choices.get(Purpose.MARKETING),
            "page_mark": link.page_mark,
        }
        return render(request, "privacy/confirm.html", context)
    require_person(link)  # counts the request
    agrees = request.POST.get("give") == "1"
    note_proof(request, person, returns=agrees)
    change_consent(
        person.address,
        person.assessments,
        {Purpose.MARKETING: agrees},
        ConsentSource.MAIL,
        language=page_language(request),
        version=version,
    )
    return redirect("privacy:confirm")
