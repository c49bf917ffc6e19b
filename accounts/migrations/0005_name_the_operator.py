from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def name_operator(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Roles are named in the singular; members and permissions stay."""
    groups = apps.get_model("auth", "Group").objects.using(schema_editor.connection.alias)
    if not groups.filter(name="Operator").exists():
        groups.filter(name="Operators").update(name="Operator")


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_forget_names_typed_at_log_ins"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]
    operations = [migrations.RunPython(name_operator, migrations.RunPython.noop)]
