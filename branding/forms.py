"""The brand's part of the settings form."""

from constance.admin import ConstanceForm
from django.utils.datastructures import MultiValueDict


class BrandForm(ConstanceForm):
    """Store an uploaded logo as text; constance would write a file."""

    def save(self) -> list[str]:
        self.files: MultiValueDict[str, object] = MultiValueDict()
        changed: list[str] = super().save()
        return changed
