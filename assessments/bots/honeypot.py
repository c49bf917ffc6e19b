"""A field that people neither see nor reach and that programs fill in: templates/assessments/_honeypot.html.

No name that a browser would fill in by itself, and out of the order of tabs and of screen readers.
"""

from django.http import HttpRequest

from assessments.models.signs import Sign

FIELD = "homepage"


def signs_of(request: HttpRequest) -> tuple[Sign, ...]:
    """What the form that this request sends shows of who filled it in."""
    return (Sign.HONEYPOT,) if request.POST.get(FIELD, "").strip() else ()
