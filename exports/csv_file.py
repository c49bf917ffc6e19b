"""CSV as Excel opens it: UTF-8 with a byte order mark, CRLF, every formula defused."""

import codecs
import csv
import io
from collections.abc import Iterator

from exports.cells import defused
from exports.sheets import Sheet

ROWS_AT_ONCE = 500


def csv_bytes(sheet: Sheet) -> Iterator[bytes]:
    """Yield the file in parts, a few hundred rows each."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(sheet.header)
    yield codecs.BOM_UTF8
    for number, row in enumerate(sheet.rows, start=1):
        writer.writerow([defused(cell) for cell in row])
        if number % ROWS_AT_ONCE == 0:
            yield taken(text)
    yield taken(text)


def taken(text: io.StringIO) -> bytes:
    """Return what was written, and empty it."""
    content = text.getvalue().encode()
    text.seek(0)
    text.truncate()
    return content
