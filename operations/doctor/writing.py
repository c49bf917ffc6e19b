"""Whether PostgreSQL can write a file: on a full disk it still answers what is in memory."""

from django.db import DatabaseError, connection, transaction

# A sort that exceeds work_mem, so that PostgreSQL must write a temporary file to its disk.
WRITE_A_FILE = """
    SELECT count(*)
    FROM (SELECT n, repeat(n::text, 500) FROM generate_series(1, 200) AS n ORDER BY 2) AS sorted
"""


def database_answers() -> bool:
    """Whether PostgreSQL responds and can write to its disk."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL work_mem = '64kB'")
            cursor.execute(WRITE_A_FILE)
    except DatabaseError:
        return False
    return True
