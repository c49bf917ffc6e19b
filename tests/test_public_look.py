"""The public pages keep the content security policy and WCAG 2.2 AA contrast."""

import gzip
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
STYLESHEET = ROOT / "static/css/site.css"

TEXT_PAIRS = [
    ("ink", "paper"),
    ("ink", "surface"),
    ("ink", "tint"),
    ("muted", "paper"),
    ("muted", "surface"),
    ("accent", "paper"),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("danger", "paper"),
    ("danger", "surface"),
    ("danger", "danger-tint"),
]
CONTROL_PAIRS = [("control", "paper"), ("control", "surface"), ("control", "tint"), ("accent", "track")]


def colors(scheme: str) -> dict[str, str]:
    light, dark = re.findall(r":root \{(.*?)\}", STYLESHEET.read_text(), re.DOTALL)[:2]
    tokens = dict(re.findall(r"--([\w-]+): #(\w+)", light))
    return tokens if scheme == "light" else tokens | dict(re.findall(r"--([\w-]+): #(\w+)", dark))


def luminance(color: str) -> float:
    """Relative luminance of `rgb` or `rrggbb`, 0 to 1 (WCAG 2.2, definitions)."""
    full = color if len(color) == 6 else "".join(digit * 2 for digit in color)
    channels = [int(full[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("front", "back"), TEXT_PAIRS)
def test_text_is_readable(scheme: str, front: str, back: str) -> None:
    tokens = colors(scheme)
    assert contrast(tokens[front], tokens[back]) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("front", "back"), CONTROL_PAIRS)
def test_controls_stand_out(scheme: str, front: str, back: str) -> None:
    tokens = colors(scheme)
    assert contrast(tokens[front], tokens[back]) >= 3


# On the reader's own disk and in mail programs, where no policy of ours reaches.
ELSEWHERE = {"privacy/download.html"} | {
    f"mailings/{name}.html" for name in ("base", "result", "_link", "_button")
}


@pytest.mark.parametrize(
    "template",
    [path for path in TEMPLATES if path.relative_to(ROOT / "templates").as_posix() not in ELSEWHERE],
    ids=lambda path: path.name,
)
def test_templates_hold_no_inline_style_or_script(template: Path) -> None:
    assert not re.search(
        r"<style|<script(?![^>]*\btype=\"application/(?:ld\+)?json\")(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=",
        template.read_text(),
    )


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("static/css/site.css", 6_000),
        ("static/js/form.js", 5_000),
        ("static/js/progress.js", 1_500),
        ("static/js/visibility.js", 2_000),
        ("static/js/results.js", 1_500),
    ],
    ids=lambda value: value,
)
def test_what_a_phone_loads_stays_small(path: str, most: int) -> None:
    assert len(gzip.compress((ROOT / path).read_bytes())) < most
