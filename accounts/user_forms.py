"""Admin forms for users."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from unfold.forms import UserChangeForm, UserCreationForm

from accounts.models import User
from encryption.email_addresses import canonical_address


class NewUserForm(UserCreationForm):
    """Create a user with a password or, without one, send an invitation by mail."""

    changed_by: User

    class Meta:
        model = User
        fields = ("email", "full_name")

    def clean_email(self) -> str:
        """Bring the address into its canonical form, so that a second spelling is found to be a duplicate."""
        return canonical_address(self.cleaned_data["email"])


class UserForm(UserChangeForm):
    """Edit a user, but never deactivate or demote oneself or the last superuser."""

    changed_by: User

    class Meta:
        model = User
        fields = "__all__"

    def clean_email(self) -> str:
        return canonical_address(self.cleaned_data["email"])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        for right in ("is_active", "is_staff", "is_superuser"):
            if right in cleaned and getattr(self.instance, right) and not cleaned[right]:
                self.refuse_to_lock_out(right)
        return cleaned

    def refuse_to_lock_out(self, right: str) -> None:
        """Raises ValidationError. Locks the superusers' rows against a concurrent mutual demotion."""
        if self.instance.pk == self.changed_by.pk:
            raise ValidationError(_("You cannot take away your own access. Ask another administrator."))
        admins = User.objects.select_for_update().filter(is_superuser=True, is_staff=True, is_active=True)
        if self.instance.is_superuser and set(admins.values_list("pk", flat=True)) <= {self.instance.pk}:
            raise ValidationError(_("This is the last administrator: make somebody else one first."))
