"""Where the browser is known in which the address was proven, it is the one that answered."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def count_answers(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    proofs = apps.get_model("assessments", "AddressProof").objects.using(schema_editor.connection.alias)
    proofs.filter(session_id__isnull=False).update(covers_answers=True)


class Migration(migrations.Migration):
    dependencies = [("assessments", "0041_note_whose_answers_are_proven")]

    operations = [migrations.RunPython(count_answers, migrations.RunPython.noop, elidable=True)]
