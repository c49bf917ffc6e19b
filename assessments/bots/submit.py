"""The signs that a submit shows by itself. Pure: no database, no clock."""

from assessments.models.signs import Sign


def of_a_submit(*, seconds: int, least_seconds: int, device: str, proven: bool) -> tuple[Sign, ...]:
    """What the submit itself shows; `seconds` since the start, `device` as visitors.py names it."""
    shown = {
        Sign.TOO_FAST: seconds < least_seconds,
        Sign.ROBOT: device == "bot",
        Sign.NO_PROOF: not proven,
    }
    return tuple(sign for sign, is_shown in shown.items() if is_shown)
