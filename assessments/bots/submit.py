"""Bot signs of a submission. Pure: no database, no clock."""

from collections.abc import Mapping

from assessments.models.signs import Sign


def submit_signs(
    *, seconds: int, least_seconds: int, browser: Mapping[str, str], proven: bool
) -> tuple[Sign, ...]:
    """The signs of a submission `seconds` after the start; `browser` is a visitors.browser_info."""
    shown = {Sign.TOO_FAST: seconds < least_seconds, Sign.NO_PROOF: not proven}
    return (*device_signs(browser), *(sign for sign, is_shown in shown.items() if is_shown))


def device_signs(browser: Mapping[str, str]) -> tuple[Sign, ...]:
    """The sign that a browser calls itself a robot, if it does."""
    return (Sign.ROBOT,) if browser.get("device") == "bot" else ()
