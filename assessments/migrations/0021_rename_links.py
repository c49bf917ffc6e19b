"""The model is called AssessmentLink; its table stays `run_links`, so nothing happens in the database."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0020_leave_leads_to_their_app"),
        ("mailings", "0002_mail_links_to_continue"),  # refers to the model by its old name
    ]

    operations = [migrations.RenameModel("RunLink", "AssessmentLink")]
