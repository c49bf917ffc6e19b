"""Leads are an app of their own: the proxy of the same rows is declared there."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("assessments", "0019_drop_indexes_of_no_statement")]

    operations = [migrations.DeleteModel(name="Lead")]
