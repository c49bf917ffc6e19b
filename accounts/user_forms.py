"""Admin forms for users, with the names of roles and single permissions in the language of the reader."""

from typing import Any

from django import forms
from django.contrib.admin import RelatedFieldListFilter
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from unfold.forms import UserChangeForm, UserCreationForm

from accounts.models import User
from accounts.roles import ROLES_IN_WORDS
from encryption.email_addresses import canonical_address
from web import gettext_noop

ON_ROWS = {  # Django's permissions on each model
    "add": gettext_noop("add"),
    "change": gettext_noop("change"),
    "delete": gettext_noop("delete"),
    "view": gettext_noop("view"),
}
OWN = (
    gettext_noop("Can answer people who ask about their data"),
    gettext_noop("Can assign leads to colleagues, and see the whole team's"),
    gettext_noop("Can claim leads, and record outcomes, notes and follow-ups"),
    gettext_noop("Can correct the contact details of leads"),
    gettext_noop("Can export figures"),
    gettext_noop("Can export leads"),
    gettext_noop("Can say that a contact was erased by hand"),
    gettext_noop("Can see the contact details of leads; they are masked for others"),
    gettext_noop("Can send leads to HubSpot again, or settle them without delivery"),
)


def role_in_words(group: Group) -> str:
    """The name of the role; of a group that is none of ours as it is."""
    return _(group.name) if group.name in ROLES_IN_WORDS else group.name


def permission_in_words(permission: Permission) -> str:
    """`Leads | lead | view`, or the words of a permission that is not Django's."""
    kind = permission.content_type
    deed = ON_ROWS.get(permission.codename.removesuffix(f"_{kind.model}"))
    return f"{kind.app_labeled_name} | {_(deed or permission.name)}"


class RoleField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # for the type checker only
    def label_from_instance(self, obj: Any) -> str:
        return role_in_words(obj)


class PermissionField(RoleField):
    def label_from_instance(self, obj: Any) -> str:
        return permission_in_words(obj)


class RoleFilter(RelatedFieldListFilter):
    """Users by role."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> Any:
        return [(group.pk, role_in_words(group)) for group in Group.objects.order_by("name")]


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
