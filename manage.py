#!/usr/bin/env python
"""Django's command line with our settings: in production as it is, on a laptop by way of script/manage."""

import os
import signal
import sys

import psycopg
from django.core.management import execute_from_command_line
from django.db import OperationalError, ProgrammingError

from config.postgresql.pooler import refusal_in

UNPREPARED = (psycopg.errors.UndefinedTable, psycopg.errors.UndefinedColumn)


def problem(error: Exception) -> str:
    """One line about a database that cannot be used; "" when the error is a mistake in a statement."""
    if isinstance(error.__cause__, UNPREPARED):
        return "The database lacks a table or a column of this release. Run the command migrate first."
    if refusal := refusal_in(error):
        return "{} {}. {}".format(*refusal)
    if isinstance(error, OperationalError):
        reason = str(error).strip().splitlines()[0]
        return f"The database cannot be used: {reason}. Start PostgreSQL, or see DATABASE_URL."
    return ""


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"  # whatever another project set
    try:
        execute_from_command_line(sys.argv)
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)
    except (OperationalError, ProgrammingError) as error:
        if "--traceback" in sys.argv or not problem(error):
            raise
        sys.exit(problem(error))
