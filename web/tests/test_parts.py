"""Pieces of pages that are rendered once."""

from django.template import Context, Template
from django.urls import set_script_prefix
from django.utils import translation

PAGE = "{% load i18n parts %}{% part named %}{% translate 'Back' %} {{ named }} {{ other }}{% endpart %}"


def test_a_part_is_rendered_anew_for_another_language_path_or_named_value_only() -> None:
    page = Template(PAGE)

    def shown(**values: str) -> str:
        return page.render(Context(values))

    first = shown(named="a", other="x")
    assert first == "Back a x"
    assert shown(named="a", other="y") == first
    assert shown(named="b", other="y") == "Back b y"
    with translation.override("de"):
        assert shown(named="a", other="y") != first
    set_script_prefix("/key/")
    try:
        assert shown(named="a", other="z") == "Back a z"
    finally:
        set_script_prefix("/")


def test_a_bar_is_as_wide_as_its_percent() -> None:
    shown = Template("{% load bars %}{% bar share %}").render(Context({"share": 40}))
    assert '<rect class="bo-fill" width="40%"' in shown
