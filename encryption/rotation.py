"""Key rotation: re-encrypt every value with the first key, after a key was added or removed.

Idempotent and resumable: a value is outdated if the first key did not encrypt it. Rows are locked while they
are re-encrypted, so no concurrent change is lost.
"""

from collections.abc import Callable
from functools import reduce
from operator import or_
from typing import Any

import pgtrigger
from django.apps import apps
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Cast, Left

from encryption.fields import EncryptedTextField
from encryption.keys import MARK, key_ring
from encryption.sealed_json import SealedJSONField, sealed_anew

BATCH = 500


def encrypted_columns() -> dict[type[models.Model], list[str]]:
    """Return the encrypted fields of each model."""
    found = {
        model: [each.name for each in model._meta.local_fields if isinstance(each, EncryptedTextField)]
        for model in apps.get_models()
        if not model._meta.proxy
    }
    return {model: names for model, names in found.items() if names}


def count_outdated() -> dict[str, int]:
    """Count the rows of each table with a value that the first key did not encrypt."""
    counts = {
        model._meta.db_table: outdated_rows(model, names).count()
        for model, names in encrypted_columns().items()
    }
    for model, names in sealed_columns().items():
        found = sum(outdated_json(model, name).count() for name in names)
        counts[model._meta.db_table] = counts.get(model._meta.db_table, 0) + found
    return counts


def rotate(progress: Callable[[int], None] = lambda rows: None) -> dict[str, int]:
    """Re-encrypt outdated values; return the number of rows per table. Raises KeyMissing."""
    done = {}
    for model, names in encrypted_columns().items():
        done[model._meta.db_table] = 0
        while rows := encrypt_batch(model, names):
            done[model._meta.db_table] += rows
            progress(rows)
    for model, names in sealed_columns().items():
        for name in names:
            while rows := seal_batch(model, name):
                done[model._meta.db_table] = done.get(model._meta.db_table, 0) + rows
                progress(rows)
    return done


def sealed_columns() -> dict[type[models.Model], list[str]]:
    """Return the JSON fields of each model that hold sealed values."""
    found = {
        model: [each.name for each in model._meta.local_fields if isinstance(each, SealedJSONField)]
        for model in apps.get_models()
        if not model._meta.proxy
    }
    return {model: names for model, names in found.items() if names}


def outdated_json(model: type[models.Model], name: str) -> models.QuerySet[Any]:
    """Rows with a value that another key than the first sealed: in text, JSON writes the mark as \\u0001."""
    prefix = key_ring().prefix.removeprefix(MARK)
    sealed = r"\\u0001" + (f"(?!{prefix})" if prefix else "")
    rows: models.QuerySet[Any] = model._base_manager.annotate(as_text=Cast(name, models.TextField()))
    return rows.filter(as_text__regex=sealed)


def seal_batch(model: type[models.Model], name: str) -> int:
    """Seal one batch anew in its own transaction, with triggers off so that `updated_at` stays unchanged."""
    with transaction.atomic(), pgtrigger.ignore():
        locked = outdated_json(model, name).order_by("pk").select_for_update()
        stored = locked.annotate(raw=Cast(name, models.JSONField())).values_list("pk", "raw")[:BATCH]
        rows = list(stored)
        for key, raw in rows:
            value = models.Value(sealed_anew(raw), models.JSONField())
            model._base_manager.filter(pk=key).update(**{name: value})
    return len(rows)


def encrypt_batch(model: type[models.Model], names: list[str]) -> int:
    """Re-encrypt one batch in its own transaction, with triggers off so that `updated_at` stays unchanged."""
    with transaction.atomic(), pgtrigger.ignore():
        keys = (
            outdated_rows(model, names)
            .order_by("pk")
            .select_for_update()
            .values_list("pk", flat=True)[:BATCH]
        )
        rows = list(model._base_manager.filter(pk__in=list(keys)).only("pk", *names))
        if rows:
            model._base_manager.bulk_update(rows, names)
    return len(rows)


def outdated_rows(model: type[models.Model], names: list[str]) -> models.QuerySet[Any]:
    prefix = key_ring().prefix
    starts = {f"start_of_{name}": Left(name, len(prefix or MARK)) for name in names}
    rows: models.QuerySet[Any] = model._base_manager.annotate(**starts)
    if not prefix:
        return rows.filter(reduce(or_, (Q(**{start: MARK}) for start in starts)))
    others = (Q(**{f"{start}__isnull": False}) & ~Q(**{f"{start}__in": [prefix, ""]}) for start in starts)
    return rows.filter(reduce(or_, others))
