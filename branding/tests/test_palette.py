"""Which colours can be read, and what is offered instead of those that cannot."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from branding.contrast import ratio
from branding.palette import (
    DARK,
    DEFAULTS,
    LIGHT,
    PAIRS,
    Scheme,
    css,
    derive_tones,
    nearest_readable,
    unreadable_pairs,
)

COLORS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")
SCHEMES = [pytest.param(scheme, id=scheme.name) for scheme in (LIGHT, DARK)]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#777777", "#ffffff", 4.478),  # the grey that misses by a hair
        ("#767676", "#ffffff", 4.542),
        ("#ff0000", "#ffffff", 3.998),
        ("#123456", "#123456", 1.0),
    ],
)
def test_the_ratio_is_that_of_the_standard(one: str, other: str, expected: float) -> None:
    assert ratio(one, other) == pytest.approx(expected, abs=0.001)
    assert ratio(one, other) == ratio(other, one)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("role", PAIRS)
def test_the_default_colours_can_be_read(scheme: Scheme, role: str) -> None:
    assert unreadable_pairs(role, scheme, getattr(DEFAULTS[scheme], role)) == []


@hypothesis_settings(deadline=None, max_examples=40)  # a busy machine is slow, not wrong
@given(color=COLORS, scheme=st.sampled_from([LIGHT, DARK]), role=st.sampled_from(sorted(PAIRS)))
def test_what_is_offered_can_be_read(color: str, scheme: Scheme, role: str) -> None:
    assert unreadable_pairs(role, scheme, nearest_readable(role, scheme, color)) == []


def test_a_readable_colour_is_its_own_nearest() -> None:
    assert nearest_readable("primary", LIGHT, "#a01060") == "#a01060"


def test_a_pair_says_what_is_wrong_with_it() -> None:
    assert str(unreadable_pairs("accent", LIGHT, "#dddddd")[1]) == (
        "Charts on cards: #dddddd on #ffffff is 1.35:1, needed is 3:1"
    )


def test_default_colours_need_no_stylesheet_of_their_own() -> None:
    assert css(DEFAULTS[LIGHT], DEFAULTS[DARK]) == ""
    own = derive_tones(LIGHT, "#a01060", "#a01060")
    assert "--accent:#a01060" in css(own, DEFAULTS[DARK])


def whole(color: str) -> str:
    return color if len(color) == 7 else "#" + "".join(digit * 2 for digit in color[1:])


@pytest.mark.parametrize("scheme", SCHEMES)
def test_paper_and_ink_are_those_of_the_pages(scheme: Scheme) -> None:
    css = (Path(settings.BASE_DIR) / "static/css/site.css").read_text()
    blocks = re.findall(r":root \{(.*?)\}", css, re.DOTALL)[:2]
    tokens = dict(re.findall(r"--([\w-]+): (#\w+)", blocks[scheme is DARK]))
    own = DEFAULTS[scheme]
    expected = {name: getattr(scheme, name) for name in ("paper", "surface", "ink", "control", "track")} | {
        "accent": own.primary,
        "accent-strong": own.strong,
        "on-accent": own.on_primary,
        "tint": own.tint,
    }
    shown = {name: whole(tokens[name]) for name in expected}
    assert shown == expected


def test_text_is_held_to_more_than_charts() -> None:
    """A grey that may be text on white cards, and not on our paper, where it may be a chart."""
    on_paper = [pair.what for pair in unreadable_pairs("primary", LIGHT, "#737373")]
    assert "Links on the page" in on_paper
    assert "Links on cards" not in on_paper
    assert unreadable_pairs("accent", LIGHT, "#737373") == []
