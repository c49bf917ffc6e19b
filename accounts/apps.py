from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "Accounts"

    def ready(self) -> None:
        from accounts.roles import create_roles

        post_migrate.connect(create_roles, dispatch_uid="accounts.roles.create_roles")
