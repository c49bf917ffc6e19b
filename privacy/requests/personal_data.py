"""Export a data subject's personal data: every row about them, in every table of the data map.

Machine-readable, under the column names; privacy/requests/personal_data_in_words.py renders it for people.
"""

import base64
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from assessments.models import Upload
from files import content
from privacy.datamap.tables import TABLES
from privacy.datamap.vocabulary import DataClass, Table
from privacy.requests.person import Person, rows_about

OURS_ALONE = {
    "session_id",
    "token_hash",
    "lease_token",
    "sealed_address",
    "content_key",
    "stored_name",
}  # hashes of access keys: not personal data, and useful to a thief


@dataclass(frozen=True, slots=True)
class Value:
    """One column of one row."""

    column: str
    kind: DataClass
    value: Any


@dataclass(frozen=True, slots=True)
class HeldTable:
    """The person's rows of one table; a row is a tuple of values."""

    name: str
    purpose: str
    rows: tuple[tuple[Value, ...], ...]


def personal_data_of(person: Person) -> list[HeldTable]:
    """Return every table with a row about this person, in the order of the data map."""
    found = (rows_in_table(name, table, person) for name, table in TABLES.items())
    return [table for table in found if table.rows]


def rows_in_table(name: str, table: Table, person: Person) -> HeldTable:
    rows = rows_about(name, person).order_by("pk")
    fields = {field.column: field.attname for field in rows.model._meta.concrete_fields}
    shown = {column: fields[column] for column in table.columns if column not in OURS_ALONE}
    return HeldTable(
        name,
        table.purpose,
        tuple(
            tuple(Value(column, table.columns[column].kind, row[field]) for column, field in shown.items())
            for row in rows.values(*shown.values())
        ),
    )


def export_document(person: Person) -> dict[str, Any]:
    """Return the export: as {made_at, address, agreed, tables, files}.

    `tables` is {table: {purpose, rows: [{column: value}]}}.
    """
    return {
        "made_at": timezone.now(),
        "address": person.address,
        "agreed": person.choices,
        "tables": {
            table.name: {
                "purpose": table.purpose,
                "rows": [{value.column: value.value for value in row} for row in table.rows],
            }
            for table in personal_data_of(person)
        },
        "files": uploaded_files(person),
    }


def uploaded_files(person: Person) -> list[dict[str, Any]]:
    """Return the files that the person sent: {name, media_type, content}; in Base64, None if lost."""
    return [
        {"name": upload.name, "media_type": upload.media_type, "content": content_in_base64(upload)}
        for upload in rows_about("uploads", person).order_by("created_at", "pk")
    ]


def content_in_base64(upload: Upload) -> str | None:
    try:
        return base64.b64encode(content.read(upload.stored_name, str(upload.content_key))).decode()
    except content.ContentMissing:
        return None
