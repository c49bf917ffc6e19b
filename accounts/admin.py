"""Admin of users and their permissions. Roles are groups: see accounts/roles.py."""

from collections.abc import Iterator
from typing import Any

from allauth.account.admin import EmailAddress
from allauth.mfa.admin import Authenticator
from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.db.models import ManyToManyField, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.admin import ModelAdmin
from unfold.decorators import action
from unfold.forms import AdminPasswordChangeForm
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from accounts import links
from accounts.fresh_sign_in import FreshSignInMixin
from accounts.models import StaffSession, User
from accounts.roles import ROLES_IN_WORDS
from accounts.user_forms import NewUserForm, PermissionField, RoleField, RoleFilter, UserForm, role_in_words
from web.languages import current_language
from web.read_only_admin import ListedLookups, column

RIGHTS = ("is_staff", "is_superuser", "groups")


def checkboxes(form_class: type[RoleField]) -> Any:
    return {ManyToManyField: {"widget": UnfoldAdminCheckboxSelectMultipleWidget, "form_class": form_class}}


class TestUserFilter(admin.SimpleListFilter):
    """Leaves test users out unless they are asked for."""

    title, parameter_name = gettext_lazy("test users"), "tests"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("only", _("Only test users")), ("all", _("Test users too"))]

    def choices(self, changelist: Any) -> Iterator[Any]:
        first, *others = super().choices(changelist)
        yield {**first, "display": _("Real users")}
        yield from others

    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:
        if self.value() == "all":
            return queryset
        return queryset.filter(is_test=self.value() == "only")


@admin.register(User)
class UserAdmin(FreshSignInMixin, ListedLookups, DjangoUserAdmin, ModelAdmin):  # type: ignore[type-arg]  # for the type checker only
    """Users are deactivated, never deleted, so that the audit trail keeps their name.

    Only superusers grant permissions and change addresses and passwords: otherwise, permission to change
    users would amount to superuser rights.
    """

    form = UserForm
    add_form = NewUserForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("email", "full_name", "is_active", "is_staff", "is_superuser", "last_login")
    list_filter = (TestUserFilter, "is_active", "is_staff", "is_superuser", ("groups", RoleFilter))
    search_fields = ("email", "full_name")
    ordering = ("email",)
    readonly_fields = ("is_test", "expires_at", "last_login", "created_at")
    formfield_overrides = checkboxes(RoleField)
    filter_horizontal = ()
    actions = ("invite", "end_sessions")
    fieldsets = (
        (None, {"fields": ("email", "full_name", "password")}),
        (gettext_lazy("What they may do"), {"fields": ("is_active", "is_staff", "is_superuser", "groups")}),
        (gettext_lazy("When"), {"fields": ("last_login", "created_at", "is_test", "expires_at")}),
    )
    add_fieldsets = (
        (None, {"fields": ("email", "full_name", "usable_password", "password1", "password2")}),
        (gettext_lazy("What they may do"), {"fields": ("is_staff", "groups")}),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        fields = super().get_readonly_fields(request, obj)
        if request.user.is_superuser:
            return fields
        return (*fields, *RIGHTS, *(("email",) if obj else ()))

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Only superusers may change superusers, including their passwords."""
        allowed = bool(super().has_change_permission(request, obj))
        return allowed and (request.user.is_superuser or obj is None or not obj.is_superuser)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        if not request.user.is_superuser:
            words = _("Only an administrator sets passwords. Invite again.")
            self.message_user(request, words, messages.ERROR)
            return HttpResponse(words, status=403)
        response: HttpResponse = super().user_change_password(request, id, form_url)
        return response

    def get_form(
        self, request: HttpRequest, obj: User | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """Pass the current user to the form, which prevents a self-lockout."""
        form = super().get_form(request, obj, change=change, **kwargs)
        return type(form.__name__, (form,), {"changed_by": request.user})

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        if not change:
            obj.language = current_language()  # until they open the back office: that of whoever invites them
        super().save_model(request, obj, form, change)
        if not obj.is_active:
            StaffSession.objects.filter(user=obj).delete()
        if not change and not obj.has_usable_password():
            self.send_invitations(request, [obj])

    @action(description=gettext_lazy("Invite: mail a link to choose a password"), permissions=["change"])
    def invite(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        self.send_invitations(request, list(queryset.filter(is_active=True, is_superuser=False)))

    @action(description=gettext_lazy("End all sessions"), permissions=["change"])
    def end_sessions(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        users = queryset if request.user.is_superuser else queryset.filter(is_superuser=False)
        ended = StaffSession.objects.filter(user__in=users).delete()[0]
        words = ngettext("%(count)d session ended.", "%(count)d sessions ended.", ended)
        self.message_user(request, words % {"count": ended}, messages.SUCCESS)

    def send_invitations(self, request: HttpRequest, users: list[User]) -> None:
        sent = sum(links.send_invitation(user) for user in users)
        if sent:
            self.message_user(request, _("%(count)d invited by mail.") % {"count": sent}, messages.SUCCESS)
        if missing := len(users) - sent:
            words = ngettext(
                "%(count)d invitation could not be mailed: see EMAIL_URL.",
                "%(count)d invitations could not be mailed: see EMAIL_URL.",
                missing,
            )
            self.message_user(request, words % {"count": missing}, messages.ERROR)


for model in (Group, EmailAddress, Authenticator):  # the last two are for nobody to read or delete there
    admin.site.unregister(model)


@admin.register(Group)
class GroupAdmin(FreshSignInMixin, ListedLookups, DjangoGroupAdmin, ModelAdmin):
    """The roles in words; their permissions are folded away, as no list of them says what a role is."""

    list_display = ("role", "sees", "may")
    readonly_fields = ("role", "sees", "may")
    filter_horizontal = ()
    formfield_overrides = checkboxes(PermissionField)

    def get_fieldsets(self, request: HttpRequest, obj: Group | None = None) -> Any:
        if obj is None or obj.name not in ROLES_IN_WORDS:
            return [(None, {"fields": ("name", "permissions")})]
        return [
            (None, {"fields": ("role", "sees", "may")}),
            (gettext_lazy("Single permissions"), {"fields": ("permissions",), "classes": ["collapse"]}),
        ]

    @column(gettext_lazy("Role"), ordering="name")
    def role(self, group: Group) -> str:
        return role_in_words(group)

    @column(gettext_lazy("Sees"))
    def sees(self, group: Group) -> str:
        known = ROLES_IN_WORDS.get(group.name)
        return _(known.sees) if known else "-"

    @column(gettext_lazy("May do"))
    def may(self, group: Group) -> str:
        known = ROLES_IN_WORDS.get(group.name)
        return _(known.may) if known else "-"
