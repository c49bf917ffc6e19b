"""Bot signs of a submission. Pure: no database, no clock."""

from assessments.models.signs import Sign


def submit_signs(*, seconds: int, least_seconds: int, device: str, proven: bool) -> tuple[Sign, ...]:
    """The signs of a submission `seconds` after the start; `device` is a visitors.device_class."""
    shown = {
        Sign.TOO_FAST: seconds < least_seconds,
        Sign.ROBOT: device == "bot",
        Sign.NO_PROOF: not proven,
    }
    return tuple(sign for sign, is_shown in shown.items() if is_shown)
