"""Who answers for the data, on any public page."""

from typing import Any

from django import template
from django.template import RequestContext

from branding.data_controller import controller

register = template.Library()


@register.inclusion_tag("branding/_controller.html", takes_context=True)
def responsible(context: RequestContext) -> dict[str, Any]:
    """Name and contact; where nobody has set either, staff alone read what to do."""
    found = controller()
    return {"controller": found, "tell_staff": not found.is_known and context["request"].user.is_staff}
