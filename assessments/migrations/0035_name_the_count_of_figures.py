"""`DailyFigure.assessments` in the column `runs`, which releases before this one still read. Changes no table."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("assessments", "0034_seal_typed_answers")]

    operations = [
        migrations.AlterField("dailyfigure", "runs", models.BigIntegerField(db_column="runs")),
        migrations.RenameField("dailyfigure", "runs", "assessments"),
    ]
