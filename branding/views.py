"""The brand's assets: stylesheet, logo and icons.

URLs carry the brand's version in `?v=`, and a response for that version is cached as immutable. A process
that does not know the version yet, in the seconds after a change, responds with a short cache lifetime.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from branding.brand import Brand, current_brand
from branding.drawing import drawn_mark, ico, icon
from branding.palette import LIGHT, band_css

FOR_GOOD = "public, max-age=31536000, immutable"
A_WHILE = "public, max-age=3600"  # well-known URLs without a version
NOT_AT_ALL = "no-store"
ICO = "image/vnd.microsoft.icon"


def cached_response(request: HttpRequest, brand: Brand, content: bytes, kind: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    asked = request.GET.get("v", "")
    response["Cache-Control"] = FOR_GOOD if asked == brand.version else NOT_AT_ALL if asked else A_WHILE
    return response


@require_safe
def stylesheet(request: HttpRequest) -> HttpResponse:
    brand = current_brand()
    return cached_response(request, brand, brand.stylesheet.encode(), "text/css")


@require_safe
def logo(request: HttpRequest) -> HttpResponse:
    brand = current_brand()
    shown = brand.logo or icon(brand)
    return cached_response(request, brand, shown.content, shown.kind)


@require_safe
def icon_picture(request: HttpRequest) -> HttpResponse:
    """The icon: an SVG, or the logo's own format if it is not one."""
    brand = current_brand()
    shown = icon(brand)
    return cached_response(request, brand, shown.content, shown.kind)


@require_safe
def favicon_ico(request: HttpRequest) -> HttpResponse:
    brand = current_brand()
    return cached_response(request, brand, ico(icon(brand)), ICO)


@require_safe
def touch_icon(request: HttpRequest) -> HttpResponse:
    """The icon for home screens, on an opaque background: they render transparency as black."""
    brand = current_brand()
    return cached_response(request, brand, drawn_mark(icon(brand), 180, LIGHT.surface), "image/png")


@require_safe
def adviser_picture(request: HttpRequest) -> HttpResponse:
    brand = current_brand()
    if brand.adviser.picture is None:
        raise Http404
    return cached_response(request, brand, brand.adviser.picture.content, brand.adviser.picture.kind)


@require_safe
def band_stylesheet(request: HttpRequest, color: str) -> HttpResponse:
    """The colour of a score band, as close to `color` as it can be read; the URL says all."""
    response = HttpResponse(band_css(f"#{color.lower()}"), content_type="text/css")
    response["Cache-Control"] = FOR_GOOD
    return response
