"""A field that people neither see nor reach and that programs fill in: templates/assessments/_honeypot.html.

Its name is one that browsers do not autofill; it is hidden from the tab order and from screen readers.
"""

from django.http import HttpRequest

from assessments.models.signs import Sign

FIELD = "homepage"


def honeypot_signs(request: HttpRequest) -> tuple[Sign, ...]:
    """HONEYPOT when the hidden field of the posted form has content."""
    return (Sign.HONEYPOT,) if request.POST.get(FIELD, "").strip() else ()
