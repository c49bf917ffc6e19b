"""The page of a user's own sessions: list them and end them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models.functions import Now
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import StaffSession


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sessions(request: HttpRequest) -> HttpResponse:
    """List the sessions; a POST ends all others, for example after the loss of a device."""
    own = StaffSession.objects.filter(user=request.user.pk, expire_date__gt=Now())
    here = request.session.session_key
    if request.method == "POST":
        ended = own.exclude(session_key=here).delete()[0]
        words = ngettext("%(count)d other session ended.", "%(count)d other sessions ended.", ended)
        messages.success(request, words % {"count": ended})
        return redirect("staff_sessions")
    return TemplateResponse(
        request, "account/sessions.html", {"sessions": own.order_by("-seen_at"), "here": here}
    )
