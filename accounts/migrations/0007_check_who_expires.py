from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_mark_test_users")]
    operations = [ValidateConstraint(model_name="user", name="users_only_tests_expire")]
