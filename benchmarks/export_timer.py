"""`tests.chaos.within benchmarks.export_timer`: write one export of each format; seconds, rows and memory.

`--query "tab=all&scrubbed=no"` writes the leads of a view; by default all.
"""

import resource
import time
from argparse import ArgumentParser

from django.conf import settings
from django.db import connection

from accounts.models import User
from benchmarks.many_leads import SELLER
from exports.models import Export, ExportFormat, ExportKind
from exports.writing import write_next


def main() -> None:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--query", default="tab=all", help="as in the address of the list (tab=all)")
    options = parser.parse_args()
    settings.DEBUG = False  # as in production: else Django keeps the text of each statement
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
    owner = User.objects.get(email=SELLER)
    for format in (ExportFormat.CSV, ExportFormat.XLSX):
        export = Export.objects.create(
            owner=owner, kind=ExportKind.LEADS, format=format, query=options.query, contacts=True
        )
        before, began = peak(), time.monotonic()
        write_next()
        export.refresh_from_db()
        seconds = time.monotonic() - began
        print(
            f"{format}: {export.rows_done:,} rows, {export.size / 1e6:.0f} MB in {seconds:.0f} s, "
            f"memory {before:.0f} MB before, {peak():.0f} MB at most",
            flush=True,
        )
        export.delete()


def peak() -> float:
    """Megabytes that this process held at most so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
