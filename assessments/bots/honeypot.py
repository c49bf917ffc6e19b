"""A honeypot field, hidden from people but filled in by bots: templates/assessments/_honeypot.html.

Browsers do not autofill its name; it is hidden from the tab order and from screen readers.
"""

from django.http import HttpRequest

from assessments.models.signs import Sign

FIELD = "homepage"


def honeypot_signs(request: HttpRequest) -> tuple[Sign, ...]:
    """HONEYPOT if the hidden field of the posted form has content."""
    return (Sign.HONEYPOT,) if request.POST.get(FIELD, "").strip() else ()
