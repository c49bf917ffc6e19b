"""Pages of the mailings app: request a resume link, and unsubscribe from all mails.

The first returns the same response for any address, known or not.
"""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from assessments.lifecycle import services
from assessments.lifecycle.visitors import browser_info
from assessments.models import AssessmentSession
from assessments.web.contact_form import AddressForm
from assessments.web.cookies import read_token
from assessments.web.error_pages import with_error_pages
from assessments.web.pages.steps import open_form_session
from mailings.queue import asked_with, enqueue_resume
from mailings.stops import mail_of, stop_mails_to_recipient
from web import rate_limits
from web.client_address import client_hash


@require_http_methods(["GET", "HEAD", "POST"])
@with_error_pages
def resume_by_mail(request: HttpRequest) -> HttpResponse:
    """Request a resume link; the address is used for this mail only and creates no lead."""
    if not settings.MAIL_IS_SET_UP:
        raise Http404
    session = open_form_session(request, read_token(request))
    if request.method != "POST":
        return render_form(request, session, AddressForm())
    rate_limits.enforce_limit("resume_mails", session.pk)
    rate_limits.enforce_limit("resume_mails", client_hash(request))
    form = AddressForm(request.POST)
    if not form.is_valid():
        return render_form(request, session, form, status=422)
    enqueue_resume(session, form.cleaned_data["email"], timezone.now(), device_of(request))
    hours = services.session_lifetime().total_seconds() // 3600
    return render(request, "mailings/resume_asked.html", {"hours": int(hours)})


def render_form(
    request: HttpRequest, session: AssessmentSession, form: AddressForm, *, status: int = 200
) -> HttpResponse:
    context = {"form": form, "assessment": session.assessment.pk}
    return render(request, "mailings/resume_by_mail.html", context, status=status)


@csrf_exempt  # mail clients post here: RFC 8058
@require_http_methods(["GET", "HEAD", "POST"])
@with_error_pages
def stop_mails(request: HttpRequest, token: str) -> HttpResponse:
    """Unsubscribe the recipient of the mail with this link, on POST only: mail scanners open links."""
    rate_limits.enforce_limit("result_views", client_hash(request))
    mail = mail_of(token[:200])
    if mail is None:
        return render(request, "mailings/stop_gone.html", status=410)
    if request.method == "POST":
        stop_mails_to_recipient(mail)
    return render(request, "mailings/stop.html", {"stopped": request.method == "POST"})


def device_of(request: HttpRequest) -> str:
    """Return device class and browser of the request, for use in the mail: "mobile Firefox"."""
    return asked_with(browser_info(request.headers.get("User-Agent", "")))
