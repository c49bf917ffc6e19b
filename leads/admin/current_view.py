"""The leads of a view of the list, as its address describes them, for jobs without a request."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.urls import reverse

from accounts.models import User
from leads.admin.tab_filter import open_tab
from leads.models import Lead


def leads_of_view(user: User, query: str) -> QuerySet[Lead]:
    """Return every lead that the list shows this user under this query string, in its order.

    Raises IncorrectLookupParameters where the list would not take it.
    """
    request = HttpRequest()
    request.method, request.path = "GET", reverse("admin:leads_lead_changelist")
    request.GET = QueryDict(query.replace("%00", ""))  # of which the search would complain by a message
    request.user = user
    open_tab(request)
    lead_admin = admin.site._registry[Lead]
    found: QuerySet[Lead] = lead_admin.get_changelist_instance(request).get_queryset(request)
    return found
