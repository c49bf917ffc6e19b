"""Admin of run-time settings: a shorter retention period is confirmed first, and every change is recorded."""

import json
from typing import Any

from constance.admin import Config, ConstanceAdmin
from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.fresh_sign_in import FreshSignInMixin
from branding.forms import BrandForm
from operations.changed_settings import changed_by
from operations.schedule import admin as schedule_admin
from privacy.clearing.preview import more_cleared, settings_of_retention

__all__ = ["RetentionAdmin", "schedule_admin"]


class RetentionForm(BrandForm):
    """Require confirmation before a change of retention makes more data due for deletion."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, initial="")

    def __init__(self, initial: dict[str, Any], request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(initial, request, *args, **kwargs)
        self.user = request.user

    def save(self) -> list[str]:
        """Save all changes and their audit records atomically; returns the names of the changed settings."""
        with transaction.atomic(), changed_by(f"staff {self.user.pk}"):
            changed: list[str] = super().save()
        return changed

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        proposed = {
            name: cleaned[name]
            for name in sorted(settings_of_retention())
            if name in cleaned and cleaned[name] != self.initial.get(name)
        }
        said = json.dumps(proposed)
        if proposed and not self.errors and cleaned["seen"] != said:
            self.warn(said, proposed)
        return cleaned

    def warn(self, said: str, proposed: dict[str, int]) -> None:
        """Raises ValidationError if the next scrub would clear more rows than with the current values."""
        more = [str(effect) for effect in more_cleared(proposed)]
        if more:
            self.data: Any = self.data.copy()
            self.data["seen"] = said
            raise ValidationError(
                _(
                    "Nothing is saved yet. The next scrub would clear: %(more)s. "
                    "Save again if that is what you want."
                )
                % {"more": "; ".join(more)}
            )


class RetentionAdmin(FreshSignInMixin, ConstanceAdmin):
    change_list_form = RetentionForm


admin.site.unregister([Config])
admin.site.register([Config], RetentionAdmin)
