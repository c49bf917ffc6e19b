"""The back office speaks English: every moment there says its zone, which is that of settings.TIME_ZONE."""

DATETIME_FORMAT = "j F Y, H:i T"
