"""What the privacy room has to say on pages of other rooms."""

from typing import Any

from django import template
from django.template import RequestContext

from privacy.delivery_gate import at_risk

register = template.Library()


@register.inclusion_tag("admin/privacy/at_risk.html", takes_context=True)
def deliveries_at_risk(context: RequestContext) -> dict[str, Any]:
    """A banner about leads that will be scrubbed undelivered, for whoever may see the queue."""
    allowed = context["request"].user.has_perm("hubspot_sync.view_syncqueueitem")
    return {"at_risk": at_risk() if allowed else None}
