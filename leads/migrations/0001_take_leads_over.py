"""The lead moves here from assessments, with the rights that users and groups have on it and its history."""

from django.db import migrations


def hand_over(apps, schema_editor, source, target):
    content_type = apps.get_model("contenttypes", "ContentType")
    if not content_type.objects.filter(app_label=target, model="lead").exists():
        content_type.objects.filter(app_label=source, model="lead").update(app_label=target)


def forward(apps, schema_editor):
    hand_over(apps, schema_editor, "assessments", "leads")


def backward(apps, schema_editor):
    hand_over(apps, schema_editor, "leads", "assessments")


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0020_leave_leads_to_their_app"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.CreateModel(
            name="Lead",
            fields=[],
            options={"proxy": True, "default_permissions": ("view",), "indexes": [], "constraints": []},
            bases=("assessments.assessment",),
        ),
        migrations.RunPython(forward, backward),
    ]
