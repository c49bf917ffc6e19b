"""A sealed value is longer than what it seals. Going back leaves the columns wide: nothing is cut off."""

import encryption.fields
from django.db import migrations

COLUMNS = ("email", "first_name", "last_name", "company", "phone")


def widen(table):
    changes = ", ".join(f"ALTER {column} TYPE text" for column in COLUMNS)
    return migrations.RunSQL(f"ALTER TABLE {table} {changes}", migrations.RunSQL.noop)


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0006_index_the_order_of_the_scrub"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[widen("assessments"), widen("assessment_sessions")],
            state_operations=[
                migrations.AlterField(
                    model_name="assessment",
                    name="company",
                    field=encryption.fields.EncryptedTextField(blank=True, null=True),
                ),
                migrations.AlterField(
                    model_name="assessment",
                    name="email",
                    field=encryption.fields.EncryptedAddressField(blank=True, null=True, verbose_name="e-mail"),
                ),
                migrations.AlterField(
                    model_name="assessment",
                    name="first_name",
                    field=encryption.fields.EncryptedTextField(blank=True, null=True),
                ),
                migrations.AlterField(
                    model_name="assessment",
                    name="last_name",
                    field=encryption.fields.EncryptedTextField(blank=True, null=True),
                ),
                migrations.AlterField(
                    model_name="assessment",
                    name="phone",
                    field=encryption.fields.EncryptedTextField(blank=True, null=True),
                ),
                migrations.AlterField(
                    model_name="assessmentsession",
                    name="company",
                    field=encryption.fields.EncryptedTextField(blank=True, null=True),
                ),
                migrations.AlterField(
                    model_name="assessmentsession",
                    name="email",
                    field=encryption.fields.EncryptedAddressField(blank=True, null=True, verbose_name="e-mail"),
                ),
                migrations.AlterField(
                    model_name="assessmentsession",
                    name="first_name",
                    field=encryption.fields.EncryptedTextField(blank=True, null=True),
                ),
                migrations.AlterField(
                    model_name="assessmentsession",
                    name="last_name",
                    field=encryption.fields.EncryptedTextField(blank=True, null=True),
                ),
                migrations.AlterField(
                    model_name="assessmentsession",
                    name="phone",
                    field=encryption.fields.EncryptedTextField(blank=True, null=True),
                ),
            ],
        ),
    ]
