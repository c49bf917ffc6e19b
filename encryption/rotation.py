"""Sealing every value with the first key: after a new key came in front, or keys came at all, or went.

Whatever is not sealed as it should be is due: a run that was cut off goes on where it stopped, and a second
one finds nothing. A row is locked while it is sealed anew, so nobody's change is lost.
"""

from collections.abc import Callable
from functools import reduce
from operator import or_
from typing import Any

import pgtrigger
from django.apps import apps
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Left

from encryption.fields import SealedTextField
from encryption.sealing import MARK, ring

BATCH = 500


def sealed_columns() -> dict[type[models.Model], list[str]]:
    """The names of the sealed fields of each table."""
    found = {
        model: [each.name for each in model._meta.local_fields if isinstance(each, SealedTextField)]
        for model in apps.get_models()
        if not model._meta.proxy
    }
    return {model: names for model, names in found.items() if names}


def count_due() -> dict[str, int]:
    """Rows by table that hold a value which the first key did not seal."""
    return {model._meta.db_table: due(model, names).count() for model, names in sealed_columns().items()}


def rotate(progress: Callable[[int], None] = lambda rows: None) -> dict[str, int]:
    """Seal what is due; how many rows of each table. Raises KeyMissing for a value that no key unseals."""
    done = {}
    for model, names in sealed_columns().items():
        done[model._meta.db_table] = 0
        while rows := seal_some(model, names):
            done[model._meta.db_table] += rows
            progress(rows)
    return done


def seal_some(model: type[models.Model], names: list[str]) -> int:
    """One batch in a transaction of its own. Triggers that stamp the time of a change stay out of it."""
    with transaction.atomic(), pgtrigger.ignore():
        keys = due(model, names).order_by("pk").select_for_update().values_list("pk", flat=True)[:BATCH]
        rows = list(model._base_manager.filter(pk__in=list(keys)).only("pk", *names))
        if rows:
            model._base_manager.bulk_update(rows, names)
    return len(rows)


def due(model: type[models.Model], names: list[str]) -> models.QuerySet[Any]:
    prefix = ring().prefix
    starts = {f"start_of_{name}": Left(name, len(prefix or MARK)) for name in names}
    rows: models.QuerySet[Any] = model._base_manager.annotate(**starts)
    if not prefix:
        return rows.filter(reduce(or_, (Q(**{start: MARK}) for start in starts)))
    others = (Q(**{f"{start}__isnull": False}) & ~Q(**{f"{start}__in": [prefix, ""]}) for start in starts)
    return rows.filter(reduce(or_, others))
