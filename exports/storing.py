"""Store the file of an export in chunks, and read it again."""

import base64
import zlib
from collections.abc import Callable, Iterable, Iterator

from django.db import transaction
from django.db.models.functions import Now

from exports.models import Export, ExportChunk
from queues.leased_row import LEASE

CHUNK = 1 << 20  # bytes; small enough for memory, large enough for few rows


class LeaseLost(Exception):
    """Another worker took the export over, or it was withdrawn."""


def store(export: Export, parts: Iterable[bytes], rows_done: Callable[[], int]) -> int:
    """Store the file in place of an earlier attempt's; return its size. Raises LeaseLost."""
    with transaction.atomic():
        report(export, rows_done())
        ExportChunk.objects.filter(export=export).delete()
    size, number, waiting = 0, 0, bytearray()
    for part in parts:
        waiting += part
        while len(waiting) >= CHUNK:
            size += store_chunk(export, number, bytes(waiting[:CHUNK]), rows_done())
            del waiting[:CHUNK]
            number += 1
    return size + store_chunk(export, number, bytes(waiting), rows_done())


def store_chunk(export: Export, number: int, content: bytes, rows_done: int) -> int:
    """Add a chunk and renew the lease, in one transaction. Raises LeaseLost."""
    packed = base64.b64encode(zlib.compress(content, 1)).decode()
    with transaction.atomic():
        report(export, rows_done)
        ExportChunk.objects.create(export=export, number=number, content=packed, expires_at=export.expires_at)
    return len(content)


def report(export: Export, rows_done: int, **columns: int) -> None:
    """Tell how far it is, and renew the lease. Raises LeaseLost."""
    ours = Export.objects.filter(pk=export.pk, lease_token=export.lease_token)
    if not ours.update(rows_done=rows_done, lease_until=Now() + LEASE, **columns):
        raise LeaseLost


def stored_parts(export: Export) -> Iterator[bytes]:
    """Yield the file, one chunk in memory at a time."""
    chunks = ExportChunk.objects.filter(export=export)
    for number in chunks.order_by("number").values_list("number", flat=True):
        content = chunks.get(number=number).content or ""
        yield zlib.decompress(base64.b64decode(content))
