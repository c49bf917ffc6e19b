"""A page as people meet it: on a phone and a desk, in light and dark, held against WCAG by axe."""

import json
import os
from pathlib import Path
from typing import Any, Literal

import axe_playwright_python
from playwright.sync_api import Page

ARTIFACTS = Path(__file__).resolve().parents[1] / "artifacts"
WIDTHS = (375, 1280)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
WCAG = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
RULES = (*WCAG, "best-practice")
COLOURS = ("color-contrast", "link-in-text-block")  # all that a scheme can change

COMPLAINTS = """async options => (await axe.run({ ...options, resultTypes: ["violations"] }))
  .violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])"""

# What is smaller than the 24 CSS pixels of WCAG 2.2, success criterion 2.5.8, and no link within a sentence.
SMALL_TARGETS = """() => [...document.querySelectorAll("a, button, input:not([type=hidden]), summary")]
  .filter(element => element.checkVisibility() && !element.matches("p a, li a, .skip-link"))
  .map(element => [element.outerHTML.slice(0, 100), element.closest("label")?.getBoundingClientRect()
    ?? element.getBoundingClientRect()])
  .filter(([, box]) => box.width < 24 || box.height < 24).map(([name]) => name)"""


def keep_picture(page: Page, name: str) -> None:
    """With PICTURES set, keep one of the whole page: they take a third of the time of these tests."""
    if os.environ.get("PICTURES"):
        page.screenshot(path=ARTIFACTS / f"{name}.png", full_page=True)


def look(page: Page, name: str) -> None:
    """Complain about what shuts people out, and keep pictures, in both widths and schemes.

    One visit shows all four: a page hears of either by CSS alone. The window is as wide afterwards as before.
    """
    before = page.viewport_size
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            keep_picture(page, f"pages/{name}-{width}-{scheme}")
            ask = (
                {"type": "tag", "values": RULES} if scheme == "light" else {"type": "rule", "values": COLOURS}
            )
            found = complaints(page, {"runOnly": ask})
            assert found == [], json.dumps([name, width, scheme, *found], indent=1)
        small = page.evaluate(SMALL_TARGETS)
        assert small == [], (name, width, small)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} scrolls sideways"
    if before:
        page.set_viewport_size(before)


def complaints(page: Page, options: dict[str, Any]) -> list[Any]:
    """What axe finds, each with the elements it is about. It is read once for a document, not for a look."""
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE)
    found: list[Any] = page.evaluate(COMPLAINTS, options)
    return found
