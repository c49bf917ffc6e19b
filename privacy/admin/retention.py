"""The page of run-time settings: who shortens a retention sees first what that clears."""

import json
from typing import Any

from constance.admin import Config, ConstanceAdmin
from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError

from branding.forms import BrandForm
from privacy.preview import effects, settings_of_retention


class RetentionForm(BrandForm):
    """Saves a retention that clears more than before on the second try only, when the first said what."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, initial="")

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
        """Raises ValidationError when the next scrub would clear more than it would now."""
        more = [str(effect) for effect in effects(proposed) if effect.then > effect.now]
        if more:
            self.data: Any = self.data.copy()
            self.data["seen"] = said
            raise ValidationError(
                f"Nothing is saved yet. The next scrub would clear: {'; '.join(more)}. "
                "Save again if that is what you want."
            )


class RetentionAdmin(ConstanceAdmin):  # type: ignore[misc]
    change_list_form = RetentionForm


admin.site.unregister([Config])
admin.site.register([Config], RetentionAdmin)
