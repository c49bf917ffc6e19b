"""Write the exports that are due: claim, read and write without a transaction, settle."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from django.db.models.functions import Now
from django.utils import translation

from audit.models import SystemLog
from exports.batches import plan
from exports.cells import Cell
from exports.csv_file import csv_bytes
from exports.figures import figure_sheets, figures_as_one_sheet
from exports.leads import LeadExport
from exports.models import Export, ExportBatch, ExportFormat, ExportKind, ExportStatus
from exports.sheets import Sheet
from exports.storing import LeaseLost, report, store
from exports.xlsx_file import xlsx_bytes
from queues.leased_row import MAX_CLAIMS

REPORT_EVERY = 2000  # rows

logger = logging.getLogger(__name__)


class Counter:
    """Counts the rows that pass, and renews the lease of the export now and then."""

    def __init__(self, export: Export) -> None:
        self.export, self.rows = export, 0

    def counted(self, sheet: Sheet) -> Sheet:
        return Sheet(sheet.title, sheet.header, self.passing(sheet.rows))

    def passing(self, rows: Iterable[Sequence[Cell]]) -> Iterator[Sequence[Cell]]:
        for row in rows:
            yield row
            self.rows += 1
            if self.rows % REPORT_EVERY == 0:
                report(self.export, self.rows)


def write_next() -> bool:
    """Write the oldest due export; False if none is due."""
    export = Export.objects.claim()
    if export is None:
        return False
    if export.claims > MAX_CLAIMS:
        export.fail("worker_died")
        return True
    try:
        with translation.override(export.owner.language):
            write(export)
    except LeaseLost:
        logger.info("Export %s is no longer ours", export.pk)
    except Exception:  # one that cannot be written must not stop the others
        logger.exception("Export %s failed", export.pk)
        export.fail("internal")
    return True


def write(export: Export) -> None:
    """Write the file and mark the export as ready. Raises LeaseLost."""
    counter = Counter(export)
    size = store(export, file_parts(export, counter), lambda: counter.rows)
    if export.settle(ExportStatus.DONE, done_at=Now(), size=size, rows_done=counter.rows, failure_cause=""):
        ExportBatch.objects.filter(export=export).delete()
        SystemLog.objects.record(
            "export_written",
            "An export was written",
            export=export.pk,
            kind=export.kind,
            rows=counter.rows,
            with_contacts=export.contacts,
            asked_by=f"staff {export.owner_id}",
        )


def file_parts(export: Export, counter: Counter) -> Iterable[bytes]:
    is_csv = export.format == ExportFormat.CSV
    if export.kind == ExportKind.FIGURES:
        if is_csv:
            return csv_bytes(counter.counted(figures_as_one_sheet(export.query or "")))
        return xlsx_bytes(counter.counted(sheet) for sheet in figure_sheets(export.query or ""))
    leads = LeadExport(export)
    plan(export, leads.leads)
    sheet = counter.counted(leads.sheet())
    return csv_bytes(sheet) if is_csv else xlsx_bytes(chain([sheet], [leads.codebook()]))
