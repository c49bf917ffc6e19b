"""XLSX in constant memory: rows go to temporary files, which no dead worker leaves behind."""

import fcntl
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import xlsxwriter

from exports.cells import Cell
from exports.sheets import Sheet

ROWS_OF_A_SHEET = 1_048_575  # of Excel, below the header
PART = 1 << 18  # bytes
PREFIX = "export-"
SECONDS_TO_LOCK = 60.0  # a directory as young as this may not have been locked yet
OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
LONGEST_TITLE = 31  # characters, of Excel


def xlsx_bytes(sheets: Iterable[Sheet]) -> Iterator[bytes]:
    """Write all sheets, then yield the file in parts."""
    with own_directory() as directory:
        path = directory / "export.xlsx"
        book = xlsxwriter.Workbook(str(path), {**OPTIONS, "tmpdir": str(directory)})
        bold = book.add_format({"bold": True})
        for sheet in sheets:
            write_sheet(book, sheet, bold)
        book.close()
        with path.open("rb") as file:
            while part := file.read(PART):
                yield part


def write_sheet(book: Any, sheet: Sheet, bold: Any) -> None:
    """Write one sheet, and a further one where Excel has no more rows."""
    page, number = 0, ROWS_OF_A_SHEET
    for row in sheet.rows:
        if number >= ROWS_OF_A_SHEET:
            page, number = page + 1, 0
            written = add_page(book, sheet, page, bold)
        number += 1
        for column, cell in enumerate(row):
            write_cell(written, number, column, cell)
    if not page:
        add_page(book, sheet, 1, bold)


def add_page(book: Any, sheet: Sheet, page: int, bold: Any) -> Any:
    suffix = f" {page}" if page > 1 else ""
    found = book.add_worksheet(sheet.title[: LONGEST_TITLE - len(suffix)] + suffix)
    found.freeze_panes(1, 0)
    for column, name in enumerate(sheet.header):
        found.write_string(0, column, name, bold)
    return found


def write_cell(page: Any, row: int, column: int, cell: Cell) -> None:
    """Write text as text, whatever it looks like, and numbers as numbers."""
    if isinstance(cell, str):
        page.write_string(row, column, cell)
    elif cell is not None:
        page.write_number(row, column, cell)


@contextmanager
def own_directory() -> Iterator[Path]:
    """A directory that is deleted at the end, after those of workers that were killed meanwhile."""
    delete_abandoned()
    directory = Path(tempfile.mkdtemp(prefix=PREFIX))
    try:
        with (directory / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield directory
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def delete_abandoned() -> None:
    """Delete the directories whose worker does not live any more: their lock is free."""
    for directory in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        try:
            if time.time() - directory.stat().st_mtime < SECONDS_TO_LOCK:
                continue
            with (directory / "lock").open() as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(directory, ignore_errors=True)
        except OSError:  # in use, not ours, or without a lock yet
            continue
