"""Note with each lead whether the person agreed to be contacted, and by what a submit sees that it is current.

`no_choice_after` waits for whoever records a choice about an address, and looks only then: a function that is
VOLATILE sees what was committed while its caller waited, which a statement by itself does not.
"""

from django.db import migrations, models

NO_CHOICE_AFTER = """
CREATE FUNCTION no_choice_after(known bigint, addresses text[], of_scope text)
RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('choices ' || addresses[1]));
    RETURN NOT EXISTS (
        SELECT FROM consents
        WHERE address_hash = ANY(addresses) AND (scope IS NULL OR scope = of_scope) AND id > known
    );
END $$
"""


class Migration(migrations.Migration):

    dependencies = [
        ("assessments", "0049_count_views_of_the_landing_page"),
        ("scorecard", "0006_plan_publications_and_search_questions"),
    ]

    operations = [
        migrations.AddField("assessment", "contact_choice", models.BooleanField(null=True)),
        migrations.RunSQL(NO_CHOICE_AFTER, "DROP FUNCTION no_choice_after"),
    ]
