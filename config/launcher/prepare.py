"""`python -m config.launcher.prepare`: bring the database to where the product can start. Idempotent.

Only what a person must keep, the first password, goes to standard output.
"""

import sys
from io import StringIO

import django
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection

QUESTIONNAIRE = "scorecard/content/ai_reality_check.yaml"


def main() -> None:
    try:
        django.setup()
        connection.ensure_connection()
    except (DatabaseError, ImproperlyConfigured) as error:
        sys.exit(f"DATABASE_URL cannot be used: {_first_line(error)}")
    try:
        call_command("migrate", verbosity=0)
        call_command("load_questionnaire", QUESTIONNAIRE, publish=True, stdout=StringIO())
        call_command("create_first_admin")
    except CommandError as error:
        sys.exit(str(error))
    except DatabaseError as error:
        sys.exit(f"The database cannot be prepared: {_first_line(error)}")


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


if __name__ == "__main__":
    main()
