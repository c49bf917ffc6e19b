from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("webhooks", "0002_tell_by_mail")]
    operations = [
        migrations.AlterModelOptions(
            name="webhookcall",
            options={
                "default_permissions": ("view", "change"),
                "verbose_name": "call of a webhook",
                "verbose_name_plural": "calls of webhooks",
            },
        ),
    ]
