from django.db import migrations

# django-axes kept what was typed as a name, with the client's address. Its tables stay for an older release.
FORGET = """
DO $$
DECLARE old text;
BEGIN
    FOREACH old IN ARRAY ARRAY[
        'axes_accessattemptexpiration', 'axes_accessattempt', 'axes_accesslog', 'axes_accessfailurelog'
    ] LOOP
        IF to_regclass(old) IS NOT NULL THEN EXECUTE format('DELETE FROM %I', old); END IF;
    END LOOP;
END $$
"""


class Migration(migrations.Migration):

    dependencies = [('accounts', '0003_count_failed_log_ins')]

    operations = [migrations.RunSQL(FORGET, migrations.RunSQL.noop)]
