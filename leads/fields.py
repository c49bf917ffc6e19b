"""Form field of the run-time setting for the hours of sales."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from leads.business_hours import parse_hours


class HoursField(forms.CharField):
    def clean(self, value: Any) -> str:
        text = str(super().clean(value))
        try:
            parse_hours(text, "UTC")
        except ValueError as error:
            raise ValidationError(_(str(error))) from error
        return text
