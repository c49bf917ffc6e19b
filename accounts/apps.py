from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.contrib.admin import autodiscover
from django.contrib.admin.apps import SimpleAdminConfig
from django.contrib.admin.checks import check_admin_app, check_dependencies
from django.contrib.auth.signals import user_logged_in
from django.core.checks import CheckMessage, Tags, register
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from web.backoffice import list_place


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "Accounts"
    default = True
    places = (
        list_place("Operations", 70, _("Users"), "badge", "accounts.user"),
        list_place("Operations", 80, _("Groups"), "group", "auth.group"),
    )

    def ready(self) -> None:
        from allauth.account.signals import password_reset
        from allauth.mfa.signals import authenticator_added, authenticator_used

        from accounts.adapters import encrypt_anew
        from accounts.links import prove_owner
        from accounts.roles import create_roles
        from accounts.second_factor import verify_by_enrolment
        from accounts.session_store import begin_session

        post_migrate.connect(create_roles, dispatch_uid="accounts.roles.create_roles")
        authenticator_used.connect(encrypt_anew, dispatch_uid="accounts.adapters.encrypt_anew")
        password_reset.connect(prove_owner, dispatch_uid="accounts.links.prove_owner")
        user_logged_in.connect(begin_session, dispatch_uid="accounts.session_store.begin_session")
        authenticator_added.connect(
            verify_by_enrolment, dispatch_uid="accounts.second_factor.verify_by_enrolment"
        )


class StaffAdminConfig(SimpleAdminConfig):
    """Django's admin, with our site as the default site.

    config/urls.py loads the admin modules of the apps, which only a process that serves pages needs.
    """

    default = False
    default_site = "accounts.admin_site.StaffAdminSite"

    def ready(self) -> None:
        register(check_dependencies, Tags.admin)
        register(check_admin_modules, Tags.admin)


def check_admin_modules(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Django's checks of all admin classes, once they are loaded."""
    autodiscover()
    return check_admin_app(app_configs, **kwargs)
