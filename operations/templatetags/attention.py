"""What every page of the admin says before anything else."""

from typing import Any

from django import template
from django.template import RequestContext

from operations.attention import attention

register = template.Library()


@register.inclusion_tag("admin/privacy/at_risk.html", takes_context=True)
def deliveries_at_risk(context: RequestContext) -> dict[str, Any]:
    """A banner about leads that will be scrubbed undelivered, for whoever may see the queue."""
    request = context["request"]
    allowed = request.user.has_perm("hubspot_sync.view_syncqueueitem")
    return {"at_risk": attention(request).at_risk if allowed else None}
