"""The form of the settings page, as far as a brand is concerned."""

from constance.admin import ConstanceForm
from django.utils.datastructures import MultiValueDict


class BrandForm(ConstanceForm):
    """Keeps an uploaded logo as the text that its field made of it; constance would write a file."""

    def save(self) -> list[str]:
        self.files: MultiValueDict[str, object] = MultiValueDict()
        changed: list[str] = super().save()
        return changed
