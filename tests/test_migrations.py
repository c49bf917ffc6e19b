"""Every migration of ours goes forward and back on a real database, and its name says what it does."""

import re
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

OURS = (
    *("accounts", "assessments", "audit", "experiments", "files", "hubspot_sync", "leads"),
    *("mailings", "privacy", "scorecard"),
)

HOLDS_PEOPLE = ("privacy", "hubspot_sync", "mailings", "assessments", "files", "experiments", "scorecard")


def own_tables() -> set[str]:
    models = [model for app in OURS for model in apps.get_app_config(app).get_models()]
    return {model._meta.db_table for model in models} & set(connection.introspection.table_names())


@pytest.mark.parametrize("app", OURS)
def test_names_say_what_a_migration_does(app: str) -> None:
    names = [name for label, name in MigrationLoader(None).disk_migrations if label == app]
    assert names
    assert [name for name in names if re.search(r"initial|auto_", name)] == []


@pytest.mark.django_db(transaction=True)
def test_all_of_them_go_back_to_nothing_and_forward_again() -> None:
    MigrationExecutor(connection).migrate([(app, None) for app in HOLDS_PEOPLE])
    of_staff = {"users", "users_groups", "users_user_permissions", "staff_sessions", "login_failures"}
    assert own_tables() == (of_staff | {"system_logs"}) & own_tables()
    call_command("migrate", verbosity=0)
    assert {"assessments", "hubspot_sync_queue", "questionnaire_versions"} <= own_tables()


def test_the_models_have_no_change_that_no_migration_makes(db: None) -> None:
    out = StringIO()
    call_command("makemigrations", check=True, dry_run=True, stdout=out)
    assert "No changes detected" in out.getvalue()
