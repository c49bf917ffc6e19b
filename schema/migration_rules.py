"""Rules that keep a migration from stopping the product: locks, rewrites, order, the way back.

A rule takes one operation and the state before it, and yields violations. Tables that the same migration
creates are empty and known to nobody: most rules leave them alone.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.operations import (
    AddConstraintNotValid,
    AddIndexConcurrently,
    RemoveIndexConcurrently,
    ValidateConstraint,
)
from django.db import NotSupportedError, connection, models
from django.db.migrations import operations as ops
from django.db.migrations.migration import Migration
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models.fields import NOT_PROVIDED

RULES = {
    "irreversible": "A step has no way back. Give reverse_code or reverse_sql (noop, if nothing is undone).",
    "not_null_without_default": "The release that runs now inserts rows without it. Give db_default, "
    "or null=True; `default` alone is not kept by the database.",
    "missing_concurrently": "Building this index stops all writes to its table. Use AddIndexConcurrently (or "
    "CREATE INDEX CONCURRENTLY) in a migration with atomic = False.",
    "concurrently_in_transaction": "CONCURRENTLY cannot run in a transaction. Set atomic = False.",
    "waits_for_lock": "This reads the whole table under a lock that stops writes. Add it as NOT VALID "
    "(AddConstraintNotValid) and validate it in the next migration.",
    "rewrites_table": "PostgreSQL rewrites the whole table under a lock that stops reads. Add a new column, "
    "fill it in batches, change the code, and remove the old one in the next release.",
    "removed_while_used": "The release that runs now still uses this. Add, use, remove: take it out of the "
    "models in one release, and out of the database in the next.",
    "mixes_schema_and_data": "A change of rows holds the locks of the change of schema until it ends. Give "
    "each a migration of its own.",
}

CREATE_INDEX = re.compile(r"\bcreate\s+(unique\s+)?index\s+(?!concurrently\b)", re.IGNORECASE)
CONCURRENTLY = re.compile(r"\b(index|reindex)\s+concurrently\b", re.IGNORECASE)
ADD_CONSTRAINT = re.compile(
    r"\badd\s+(constraint\s+\S+\s+)?(check|foreign\s+key|unique|exclude)\b(?!.*\bnot\s+valid\b)",
    re.IGNORECASE | re.DOTALL,
)
CREATE_TABLE = re.compile(r"\bcreate\s+table\s+(?:if\s+not\s+exists\s+)?\"?(\w+)", re.IGNORECASE)
LOCKS = re.compile(r"\block\s+table\b|\bset\s+not\s+null\b|\bvacuum\s+full\b|\bcluster\b", re.IGNORECASE)
REWRITES = re.compile(r"\balter\s+(column\s+)?\S+\s+(set\s+data\s+)?type\b", re.IGNORECASE)
REMOVES = re.compile(r"\bdrop\s+(table|column)\b|\brename\s+(column|to)\b", re.IGNORECASE)
VOLATILE = re.compile(r"random|uuid|clock|timeofday", re.IGNORECASE)
LONGER = re.compile(r"varchar\((\d+)\)")


@dataclass(frozen=True, slots=True)
class Violation:
    rule: str
    step: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.step}. {RULES[self.rule]}"


@dataclass(slots=True)
class Step:
    """One operation, the state before it, and what its migration created so far (lower-case names)."""

    operation: Operation
    state: ProjectState
    app: str
    atomic: bool
    created: set[str] = field(default_factory=set)
    added: set[tuple[str, str]] = field(default_factory=set)

    def is_new(self, model: str) -> bool:
        return model.lower() in self.created

    def field(self, model: str, name: str) -> Any:
        found = self.state.models.get((self.app, model.lower()))
        return found.fields.get(name) if found else None


def violations(migration: Migration, state: ProjectState) -> list[Violation]:
    """Judge a migration by every rule; `state` is that before it, and is changed to that after it."""
    found: list[Violation] = []
    created: set[str] = set()
    added: set[tuple[str, str]] = set()
    for operation in migration.operations:
        for each in flattened(operation):
            step = Step(each, state, migration.app_label, bool(migration.atomic), created, added)
            found += [Violation(rule, describe(each)) for rule, judge in JUDGES for _ in judge(step)]
            if isinstance(each, ops.CreateModel):
                created.add(each.name.lower())
            if isinstance(each, ops.AddField):
                added.add((each.model_name.lower(), each.name.lower()))
        operation.state_forwards(migration.app_label, state)
    if mixes(migration):
        found.append(Violation("mixes_schema_and_data", "RunPython beside changes of tables"))
    return list(dict.fromkeys(found))


def describe(operation: Operation) -> str:
    words = operation.describe()
    return " ".join(words.split())[:120]


def flattened(operation: Operation) -> Iterator[Operation]:
    """What reaches the database: of SeparateDatabaseAndState only that half."""
    if isinstance(operation, ops.SeparateDatabaseAndState):
        for each in operation.database_operations:
            yield from flattened(each)
    else:
        yield operation


def sql_of(operation: Operation) -> str:
    """The SQL of a RunSQL, without comments; '' of any other."""
    if not isinstance(operation, ops.RunSQL):
        return ""
    parts = operation.sql if isinstance(operation.sql, (list, tuple)) else [operation.sql]
    text = "\n".join(part if isinstance(part, str) else str(part[0]) for part in parts)
    return re.sub(r"--[^\n]*|/\*.*?\*/", "", text, flags=re.DOTALL)


def irreversible(step: Step) -> Iterator[bool]:
    if not step.operation.reversible:
        yield True


def not_null_without_default(step: Step) -> Iterator[bool]:
    each = step.operation
    if isinstance(each, ops.AddField) and not step.is_new(each.model_name) and lacks_value(each.field):
        yield True
    sql = sql_of(each)
    for column in re.findall(r"\badd\s+(?:column\s+)[^,;]*", sql, re.IGNORECASE):
        if re.search(r"\bnot\s+null\b", column, re.IGNORECASE) and not re.search(
            r"\bdefault\b|\bgenerated\b", column, re.IGNORECASE
        ):
            yield True


def lacks_value(found: "models.Field[Any, Any]") -> bool:
    return is_column(found) and not found.null and found.db_default is NOT_PROVIDED


def is_column(found: "models.Field[Any, Any]") -> bool:
    return not found.many_to_many and not isinstance(found, models.GeneratedField)


def missing_concurrently(step: Step) -> Iterator[bool]:
    each = step.operation
    if CREATE_INDEX.search(sql_of(each)) and not on_new_table(step):
        yield True
    plain = isinstance(each, ops.AddIndex) and not isinstance(each, AddIndexConcurrently)
    if plain and not step.is_new(each.model_name):  # type: ignore[attr-defined]  # an AddIndex
        yield True
    if isinstance(each, (ops.AddField, ops.AlterField)) and not step.is_new(each.model_name):
        before = step.field(each.model_name, each.name) if isinstance(each, ops.AlterField) else None
        if is_indexed(each.field) and not (before is not None and is_indexed(before)):
            yield True


def is_indexed(found: "models.Field[Any, Any]") -> bool:
    return is_column(found) and bool(getattr(found, "db_index", False) or found.unique)


def on_new_table(step: Step) -> bool:
    """Whether the SQL names only tables that this migration creates."""
    tables = re.findall(r"\bon\s+(?:only\s+)?\"?(\w+)", sql_of(step.operation), re.IGNORECASE)
    known = {
        model.options.get("db_table") or f"{app}_{name}"
        for (app, name), model in step.state.models.items()
        if app == step.app and name in step.created
    }
    made = set(
        re.findall(
            r"\bcreate\s+table\s+(?:if\s+not\s+exists\s+)?\"?(\w+)", sql_of(step.operation), re.IGNORECASE
        )
    )
    return bool(tables) and set(tables) <= known | made


def concurrently_in_transaction(step: Step) -> Iterator[bool]:
    concurrent = isinstance(step.operation, (AddIndexConcurrently, RemoveIndexConcurrently))
    if step.atomic and (concurrent or CONCURRENTLY.search(sql_of(step.operation))):
        yield True


def waits_for_lock(step: Step) -> Iterator[bool]:
    each = step.operation
    sql = sql_of(each)
    if (ADD_CONSTRAINT.search(sql) and not made_here(sql)) or LOCKS.search(sql):
        yield True
    unchecked = (AddConstraintNotValid, ValidateConstraint)
    checked = isinstance(each, ops.AddConstraint) and not isinstance(each, unchecked)
    if checked and not step.is_new(each.model_name):  # type: ignore[attr-defined]  # an AddConstraint
        yield True
    if isinstance(each, ops.AlterField) and not step.is_new(each.model_name):
        before = step.field(each.model_name, each.name)
        if before is not None and before.null and not each.field.null:
            yield True


def made_here(sql: str) -> bool:
    tables = re.findall(r"\balter\s+table\s+(?:only\s+)?\"?(\w+)", sql, re.IGNORECASE)
    made = CREATE_TABLE.findall(sql)
    return set(tables) <= set(made)


def rewrites_table(step: Step) -> Iterator[bool]:
    each = step.operation
    if REWRITES.search(sql_of(each)):
        yield True
    if isinstance(each, ops.AlterField) and not step.is_new(each.model_name):
        before = step.field(each.model_name, each.name)
        if before is not None and changes_type(db_type(before), db_type(each.field)):
            yield True
    if isinstance(each, ops.AddField) and not step.is_new(each.model_name) and is_volatile(each.field):
        yield True


def is_volatile(found: "models.Field[Any, Any]") -> bool:
    """Whether each row needs a value of its own, so that the table is written anew."""
    if isinstance(found, models.GeneratedField):
        return True
    default = found.db_default
    return default is not NOT_PROVIDED and bool(VOLATILE.search(type(default).__name__))


def db_type(found: "models.Field[Any, Any]") -> str:
    """The column's type; '' where it follows another model, as of a foreign key."""
    if found.is_relation:
        return ""
    try:
        return found.db_type(connection) or ""
    except (AttributeError, NotSupportedError):
        return ""


def changes_type(before: str, after: str) -> bool:
    """Whether the change rewrites the table; a longer varchar, and text for varchar, do not."""
    if before == after or not before or not after:
        return False
    old, new = LONGER.fullmatch(before), LONGER.fullmatch(after)
    if old and (after in ("text", "varchar") or (new and int(new[1]) >= int(old[1]))):
        return False
    return {before, after} != {"varchar", "text"}


def removed_while_used(step: Step) -> Iterator[bool]:
    each = step.operation
    if REMOVES.search(sql_of(each)):
        yield True
    if isinstance(each, ops.RemoveField) and (each.model_name.lower(), each.name.lower()) not in step.added:
        yield True
    renames = (ops.RenameField, ops.RenameModel, ops.DeleteModel)
    if isinstance(each, renames) and not step.is_new(getattr(each, "model_name", getattr(each, "name", ""))):
        yield True
    if isinstance(each, ops.AlterModelTable):
        before = step.state.models.get((step.app, each.name.lower()))
        if before and before.options.get("db_table") != each.table and not step.is_new(each.name):
            yield True


def mixes(migration: Migration) -> bool:
    kinds = [each for operation in migration.operations for each in flattened(operation)]
    data = any(isinstance(each, ops.RunPython) for each in kinds)
    schema = (ops.AddField, ops.AlterField, ops.RemoveField, ops.AddConstraint, ops.AddIndex, ops.RenameField)
    return data and any(isinstance(each, schema) for each in kinds)


JUDGES: tuple[tuple[str, Callable[[Step], Iterator[bool]]], ...] = (
    ("irreversible", irreversible),
    ("not_null_without_default", not_null_without_default),
    ("missing_concurrently", missing_concurrently),
    ("concurrently_in_transaction", concurrently_in_transaction),
    ("waits_for_lock", waits_for_lock),
    ("rewrites_table", rewrites_table),
    ("removed_while_used", removed_while_used),
)
