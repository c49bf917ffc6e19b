"""Staff pages for data subject requests: view, export and erase the data of one address.

The address is sent in the body of a POST, never in a URL. The system log records what was done and by whom,
not for whom.
"""

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from assessments.lifecycle.corrections import change_consent
from assessments.models import ConsentSource, Purpose
from assessments.web.contact_form import AddressForm
from audit.models import SystemLog
from mailings.queue import enqueue_privacy_link
from privacy.requests.erasure import erase
from privacy.requests.person import Person, by_address
from privacy.requests.personal_data import export_document, personal_data_of
from privacy.requests.personal_data_in_words import personal_data_in_words

ANSWER = "assessments.answer_person"


@permission_required(ANSWER, raise_exception=True)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def persons(request: HttpRequest) -> HttpResponse:
    """Ask for an address; with one, show the person's data and perform the chosen action."""
    form = AddressForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return render_person(request, form, status=422 if request.method == "POST" else 200)
    person = by_address(form.cleaned_data["email"])
    return perform_action(request, form, person, request.POST.get("do", "look"))


def perform_action(request: HttpRequest, form: AddressForm, person: Person, do: str) -> HttpResponse:
    if do == "export":
        record_request("person_exported", "What we hold of a person was exported", request)
        response = JsonResponse(export_document(person), json_dumps_params={"indent": 2})
        response["Content-Disposition"] = 'attachment; filename="person.json"'
        return response
    if do == "erase":
        if request.POST.get("sure") != "1":
            messages.error(request, _("Tick the box to confirm that this person is to be erased."))
            return render_person(request, form, person, status=422)
        erased = erase(person.address, asked_by=f"staff {request.user.pk}")
        words = _("Erased here; HubSpot will follow. Erasure %(number)s.")
        messages.success(request, words % {"number": erased.line.pk})
        return render_person(request, AddressForm())
    if do == "withdraw":
        change_consent(person.address, person.assessments, dict.fromkeys(Purpose, False), ConsentSource.STAFF)
        record_request("consent_withdrawn", "Consent was withdrawn for a person", request)
        messages.success(request, _("Every consent is withdrawn."))
    elif do == "send_link":
        enqueue_privacy_link(person.address, timezone.now())
        messages.success(request, _("If the address is known here, a link is on its way to it."))
    else:
        record_request("person_looked_up", "A person was looked up", request)
    return render_person(request, form, person)


def render_person(
    request: HttpRequest, form: AddressForm, person: Person | None = None, *, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {**admin.site.each_context(request), "title": _("People who ask"), "form": form}
    if person:
        said = person.choices
        context |= {
            "person": person,
            "sections": personal_data_in_words(person, personal_data_of(person)),
            "said": [(_(p.label), given) for p, given in said.items()],
        }
    return TemplateResponse(request, "admin/privacy/persons.html", context, status=status)


def record_request(event: str, message: str, request: HttpRequest) -> None:
    """Record the action and the member of staff, not the data subject."""
    SystemLog.objects.record(event, message, asked_by=f"staff {request.user.pk}")
