from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_name_the_operator")]
    operations = [
        migrations.AlterModelOptions(name="user", options={"default_manager_name": "everyone"}),
        migrations.AlterModelManagers(name="user", managers=[("everyone", models.Manager())]),
        migrations.AddField(
            model_name="user",
            name="is_test",
            field=models.BooleanField(
                db_default=False, default=False, editable=False, verbose_name="test user"
            ),
        ),
        migrations.AddField(
            model_name="user", name="expires_at", field=models.DateTimeField(editable=False, null=True)
        ),
        AddConstraintNotValid(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_test", True), ("expires_at__isnull", True), _connector="OR"),
                name="users_only_tests_expire",
            ),
        ),
    ]
