"""How long the personal data of an assessment is stored. The data map refers to the same setting."""

from datetime import timedelta

from constance import config

SETTING = "EMAIL_RETENTION_DAYS"


def retention_period() -> timedelta:
    """From the start of an assessment until its personal data is scrubbed."""
    return timedelta(days=getattr(config, SETTING))
