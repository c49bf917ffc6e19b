from django.apps import AppConfig
from django.db.models.signals import post_migrate

from web.backoffice import list_place


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "Accounts"
    places = (
        list_place("Operations", 70, "Users", "badge", "accounts.user"),
        list_place("Operations", 80, "Groups", "group", "auth.group"),
    )

    def ready(self) -> None:
        from accounts.roles import create_roles

        post_migrate.connect(create_roles, dispatch_uid="accounts.roles.create_roles")
