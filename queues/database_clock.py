"""The database's clock, which decides what is due: the clocks of our machines may differ."""

from datetime import datetime

from django.db import connection


def database_now() -> datetime:
    """The database's time, also inside a transaction. One query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment
