"""German formats, used by the back office: every time includes its zone, settings.TIME_ZONE."""

DATETIME_FORMAT = "j. F Y, H:i T"
