"""Template tag for the data controller."""

from typing import Any

from django import template
from django.template import RequestContext

from branding.data_controller import controller

register = template.Library()


@register.inclusion_tag("branding/_controller.html", takes_context=True)
def responsible(context: RequestContext) -> dict[str, Any]:
    """Name and contact of the data controller; if neither is set, a hint that only staff see."""
    found = controller()
    return {"controller": found, "tell_staff": not found.is_known and context["request"].user.is_staff}
