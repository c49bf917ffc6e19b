"""Date and time formats that override ambiguous defaults of Django: see settings.FORMAT_MODULE_PATH."""
