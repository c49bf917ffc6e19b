"""The page of one table: columns, indexes, constraints, relationships."""

from collections.abc import Iterator
from typing import Any

from django.db import models

from privacy.datamap.tables import TABLES
from schema.catalogue import Constraint, Index, Table
from schema.notes import ModelNotes, is_ours, notes_of

ON_DELETE = {"a": "NO ACTION", "r": "RESTRICT", "c": "CASCADE", "n": "SET NULL", "d": "SET DEFAULT"}
BY_DJANGO = {
    "CASCADE": "its rows go with the row that they belong to",
    "PROTECT": "what is referred to cannot be deleted",
    "RESTRICT": "what is referred to cannot be deleted",
    "SET_NULL": "the row stays, without the reference",
    "DO_NOTHING": "whoever deletes takes care of these rows first",
}
USUAL = {
    "id": "the row's own number",
    "created_at": "when the row was made, by the database's clock",
    "updated_at": "when it was last changed",
    "status": "where it stands",
}


def describe_table(table: Table, model: type[models.Model] | None, steps: list[str], parents: Any) -> str:
    """The page in Markdown. `parents`: [(child table, its foreign key)] that refer to this table."""
    ours = model is not None and is_ours(model)
    notes = notes_of(model) if model is not None and ours else ModelNotes()
    lines = [f"# {table.name}", "", purpose(table, model, notes), ""]
    lines += [f"**Journey:** {', '.join(steps) or 'none: it serves the product itself'}.", ""]
    lines += ["| column | type | required | default | purpose |", "| --- | --- | --- | --- | --- |"]
    lines += [row(table, each, model, notes) for each in table.columns]
    lines += ["", *indexes(table, notes), *constraints(table, notes), *relationships(table, model, parents)]
    lines += decisions(table, model)
    return "\n".join(lines).rstrip() + "\n"


def purpose(table: Table, model: type[models.Model] | None, notes: ModelNotes) -> str:
    listed = TABLES.get(table.name)
    if listed:
        return f"{listed.purpose.rstrip('.')}."
    if notes.purpose:
        return notes.purpose
    return f"A table of {model._meta.app_config.name}." if model else "A table of Django."


def row(table: Table, column: Any, model: type[models.Model] | None, notes: ModelNotes) -> str:
    default = f"`{shorter(column.default)}`" if column.default else ""
    words = cell(purpose_of(table, column.name, model, notes))
    return (
        f"| {column.name} | {column.type} | {'yes' if column.not_null else ''} | {cell(default)} | {words} |"
    )


def purpose_of(table: Table, name: str, model: type[models.Model] | None, notes: ModelNotes) -> str:
    """The note beside the field, else what its kind tells; then its class in the data map."""
    target = next((key.target for key in table.foreign_keys if key.columns == (name,)), "")
    fields = {each.column: each for each in model._meta.concrete_fields} if model else {}
    field = fields.get(name)
    words = notes.fields.get(field.name, "") if field else ""
    if not words:
        words = f"which row of {target} it belongs to" if target else USUAL.get(name, spoken(name, field))
    listed = TABLES.get(table.name)
    kind = listed.columns[name].kind.value if listed and name in listed.columns else "not personal"
    return words if kind == "not personal" else f"{words} ({kind})"


def spoken(name: str, field: Any) -> str:
    choices = getattr(field, "flatchoices", None)
    words = str(getattr(field, "verbose_name", "") or name.replace("_", " "))
    return f"{words}: {', '.join(str(value) for value, _ in choices)}" if choices else words


def indexes(table: Table, notes: ModelNotes) -> Iterator[str]:
    if not table.indexes:
        return
    yield from ("## Indexes", "", "| index | on | serves | why this order |", "| --- | --- | --- | --- |")
    for each in table.indexes:
        on = ", ".join(each.columns) + (f" where {each.condition.strip('()')}" if each.condition else "")
        yield f"| {each.name} | {cell(on)} | {cell(serves(table, each, notes))} | {order(each)} |"
    yield ""


def serves(table: Table, index: Index, notes: ModelNotes) -> str:
    if words := notes.named.get(index.name):
        return words
    if index.primary:
        return "one row by its key; every reference to it"
    if index.unique:
        return f"that no two rows share {', '.join(index.columns)}; one row by it"
    target = next((key.target for key in table.foreign_keys if key.columns[0] == index.columns[0]), "")
    if target:
        return f"the rows of one row of {target}, and its deletion"
    if "like" in index.definition.rpartition("_")[2]:
        return "search by the beginning of the text"
    return f"rows by {' and '.join(index.columns)}"


def order(index: Index) -> str:
    if len(index.columns) < 2:
        return ""
    first, *rest = index.columns
    return f"{first} narrows first, {', '.join(rest)} {'give' if len(rest) > 1 else 'gives'} the order inside"


def constraints(table: Table, notes: ModelNotes) -> Iterator[str]:
    checks = [each for each in table.constraints if each.kind in "cx"]
    if not checks:
        return
    yield from ("## Checks", "")
    for each in checks:
        words = notes.named.get(each.name)
        yield f"- `{each.name}`: {f'{words}: ' if words else ''}`{shorter(each.definition, 240)}`"
    yield ""


def relationships(table: Table, model: type[models.Model] | None, parents: Any) -> Iterator[str]:
    if not table.foreign_keys and not parents:
        return
    yield from ("## Relationships", "")
    for key in table.foreign_keys:
        yield f"- belongs to {key.target} by `{key.columns[0]}`: {on_delete(key, model)}"
    for child in sorted({name for name, _ in parents}):
        yield f"- has many {child}"
    yield ""


def on_delete(key: Constraint, model: type[models.Model] | None) -> str:
    """Of Django and of the database, with the reason."""
    fields = {each.column: each for each in model._meta.concrete_fields} if model else {}
    remote: Any = getattr(fields.get(key.columns[0]), "remote_field", None)
    name = getattr(getattr(remote, "on_delete", None), "__name__", "")
    words = BY_DJANGO.get(name, "Django decides")
    return f"ON DELETE {ON_DELETE[key.on_delete]} in the database, {name or 'none'} by Django: {words}"


def decisions(table: Table, model: type[models.Model] | None) -> Iterator[str]:
    """What follows from the kind of key and from the retention of the data map."""
    yield from ("## Decisions", "")
    key = next((each for each in table.columns if each.name in table.columns_of_key()), None)
    if key is not None:
        yield f"- Key: {key.type}{', which tells nothing of its rank' if key.type == 'uuid' else ''}."
    nullable = [each.name for each in table.columns if not each.not_null]
    if nullable:
        yield f"- NULL means not known, not given or cleared: {', '.join(nullable)}."
    retention = TABLES[table.name].retention if table.name in TABLES else None
    if retention:
        act = "the row is deleted" if retention.delete_row else "its personal columns are cleared"
        yield f"- Retention: {act}, counted from {retention.clock.replace('__', ' and its ')}."


def cell(words: str) -> str:
    return words.replace("|", "\\|").replace("\n", " ")


def shorter(text: str, most: int = 60) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= most else f"{flat[: most - 1]}…"
