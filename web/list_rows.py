"""The rows of an admin list whose columns are methods, as unfold draws them but in a fifth of the time.

Unfold draws each cell on its own: for each it computes headings, link and classes again, and renders
templates. Here they are prepared once a page. A test of the lead list compares both, cell by cell.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from unfold.templatetags.unfold_list import CHECKBOX_CLASSES, LINK_CLASSES, ROW_CLASSES, result_headers
from unfold.utils import display_for_label

CHECKBOX = "action_checkbox"
UPPER, LOWER = '<strong class="block font-normal">{}</strong>', '<p class="text-base-500">{}</p>'
TWO_LINES = (
    '<span class="flex gap-4 items-center">'
    '<span class="flex flex-col text-right lg:text-left">{}{}</span></span>'
)
Draw = Callable[[Any], str]  # a row -> HTML


def drawn_list(found: Any) -> dict[str, Any]:
    """Return the headings and rows of a page, for `admin/parts/rows.html`. `found`: the changelist."""
    headers = list(result_headers(found))
    cells = [
        cell(found, name, header["text"]) for name, header in zip(found.list_display, headers, strict=True)
    ]
    return {
        "headers": headers,
        "sorted_by": sum(bool(header.get("sorted")) for header in headers),
        "rows": [
            mark_safe("".join(draw(row) for draw in cells))  # noqa: S308  # cells are escaped
            for row in found.result_list
        ],
    }


def cell(found: Any, name: str, heading: str) -> Draw:
    """Return what draws the cell of a column: its tag, once a page, around its content."""
    if name == CHECKBOX:
        tag, classes, heading, content = "td", CHECKBOX_CLASSES, _("Select record"), checkbox(found)
    else:
        tag, classes, content = "td", [f"field-{name}", *ROW_CLASSES], content_of(found.model_admin, name)
    if name in (found.list_display_links or ()):
        tag, content = "th", linked(found, content)
    opening = format_html('<{} class="{}" data-label="{}">', tag, " ".join(classes), heading)
    return lambda row: f"{opening}{content(row)}</{tag}>"


def content_of(model_admin: Any, name: str) -> Draw:
    """Return what draws the value of a column: a label in a colour, two lines, or text."""
    value = getattr(model_admin, name)
    if labels := getattr(value, "label", None):
        label = cache(lambda found: display_for_label(found, "-", labels))
        return lambda row: label(value(row))
    if getattr(value, "header", False):
        return lambda row: two_lines(*value(row))
    return lambda row: conditional_escape(value(row))


def two_lines(upper: str, lower: str) -> SafeString:
    lines = (format_html(line, text) if text else "" for line, text in ((UPPER, upper), (LOWER, lower)))
    return format_html(TWO_LINES, *lines)


def checkbox(found: Any) -> Draw:
    return with_own_key(found, lambda row: str(found.model_admin.action_checkbox(row)))


def linked(found: Any, content: Draw) -> Draw:
    """Return what draws the content as a link to the page of the row, from which one comes back here."""

    def opening(row: Any) -> str:
        filters = {"preserved_filters": found.preserved_filters, "opts": found.opts}
        address = add_preserved_filters(filters, found.url_for_result(row))
        return format_html('<a href="{}" class="{}">', address, " ".join(LINK_CLASSES))

    link = with_own_key(found, opening)
    return lambda row: f"{link(row)}{content(row)}</a>"


def with_own_key(found: Any, draw: Draw) -> Draw:
    """Draw for the first row of the page, and for the others put their key in the place of its key."""
    if not found.result_list:
        return draw
    first = found.result_list[0]
    before, after = draw(first).split(str(first.pk), 1)
    return lambda row: f"{before}{row.pk}{after}"
