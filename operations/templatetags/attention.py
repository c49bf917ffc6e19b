"""Template tag for the banners on every admin page."""

from typing import Any

from django import template
from django.template import RequestContext

from operations.attention import attention
from web.backoffice import declarations

register = template.Library()


@register.inclusion_tag("admin/parts/banners.html", takes_context=True)
def banners(context: RequestContext) -> dict[str, Any]:
    """[(template, value)] of the active banners that this user has permission for."""
    request = context["request"]
    may_see = [banner for banner in declarations("banners") if request.user.has_perm(banner.permission)]
    found = [(banner.template, attention(request).words_of(banner)) for banner in may_see]
    return {"banners": [(template, words) for template, words in found if words]}
