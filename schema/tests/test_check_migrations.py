"""`script/manage check_migrations`: planted migrations break one rule each, safe ones break none."""

from pathlib import Path
from typing import Any

import pytest
from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently
from django.core.management import CommandError, call_command
from django.db import migrations, models
from django.db.migrations.migration import Migration
from django.db.migrations.state import ProjectState
from django.db.models.functions import Now

from schema.migration_check import check_plan, read_exceptions
from schema.migration_rules import violations

LONG = models.CharField(max_length=20)
TABLE = migrations.CreateModel("Thing", [("id", models.BigAutoField(primary_key=True)), ("word", LONG)])


def migration(*operations: Any, name: str = "0002_planted", atomic: bool = True) -> Migration:
    kind = type("Planted", (Migration,), {"operations": list(operations), "atomic": atomic})
    made: Migration = kind(name, "planted")
    return made


def broken_rules(*operations: Any, atomic: bool = True) -> set[str]:
    """The rules that a migration of a table that is already there breaks."""
    state = ProjectState()
    TABLE.state_forwards("planted", state)
    return {violation.rule for violation in violations(migration(*operations, atomic=atomic), state)}


INDEXED = models.CharField(max_length=20, db_index=True)
INDEX = models.Index(fields=["word"], name="thing_word")
CHECK = models.CheckConstraint(name="thing_check", condition=models.Q(word__gt=""))


@pytest.mark.parametrize(
    ("operation", "rule"),
    [
        (migrations.RunPython(lambda apps, editor: None), "irreversible"),
        (migrations.RunSQL("SELECT 1"), "irreversible"),
        (migrations.AddField("thing", "n", models.IntegerField(default=0)), "not_null_without_default"),
        (
            migrations.RunSQL("ALTER TABLE planted_thing ADD COLUMN n int NOT NULL", ""),
            "not_null_without_default",
        ),
        (migrations.AddIndex("thing", INDEX), "missing_concurrently"),
        (migrations.RunSQL("create unique index u on planted_thing (word)", ""), "missing_concurrently"),
        (
            migrations.AlterField("thing", "word", models.CharField(max_length=20, db_index=True)),
            "missing_concurrently",
        ),
        (AddIndexConcurrently("thing", INDEX), "concurrently_in_transaction"),
        (
            migrations.RunSQL("CREATE INDEX CONCURRENTLY i ON planted_thing (word)", ""),
            "concurrently_in_transaction",
        ),
        (migrations.AddConstraint("thing", CHECK), "waits_for_lock"),
        (
            migrations.RunSQL("ALTER TABLE planted_thing ADD CONSTRAINT c CHECK (word > '')", ""),
            "waits_for_lock",
        ),
        (migrations.RunSQL("ALTER TABLE planted_thing ALTER COLUMN word SET NOT NULL", ""), "waits_for_lock"),
        (migrations.AlterField("thing", "word", models.IntegerField()), "rewrites_table"),
        (migrations.AlterField("thing", "word", models.CharField(max_length=5)), "rewrites_table"),
        (migrations.RunSQL("ALTER TABLE planted_thing ALTER COLUMN word TYPE int", ""), "rewrites_table"),
        (migrations.RemoveField("thing", "word"), "removed_while_used"),
        (migrations.DeleteModel("Thing"), "removed_while_used"),
        (migrations.RenameField("thing", "word", "words"), "removed_while_used"),
        (migrations.RenameModel("Thing", "Other"), "removed_while_used"),
        (migrations.AlterModelTable("thing", "things"), "removed_while_used"),
        (migrations.RunSQL("ALTER TABLE planted_thing DROP COLUMN word", ""), "removed_while_used"),
    ],
)
def test_a_planted_migration_breaks_its_rule(operation: Any, rule: str) -> None:
    assert broken_rules(operation) == {rule}


@pytest.mark.parametrize(
    "operation",
    [
        migrations.RunPython(migrations.RunPython.noop, migrations.RunPython.noop),
        migrations.AddField("thing", "n", models.IntegerField(null=True)),
        migrations.AddField("thing", "n", models.IntegerField(db_default=0)),
        migrations.AddField("thing", "at", models.DateTimeField(db_default=Now())),
        migrations.AlterField("thing", "word", models.CharField(max_length=200)),
        migrations.AlterField("thing", "word", models.TextField()),
        migrations.AlterField("thing", "word", models.CharField(max_length=20, null=True)),
        AddConstraintNotValid("thing", CHECK),
        migrations.RunSQL("ALTER TABLE t ADD CONSTRAINT c CHECK (word > '') NOT VALID", ""),
        migrations.RunSQL("-- drop table is only told of here\nSELECT 1", ""),
        migrations.SeparateDatabaseAndState(state_operations=[migrations.RemoveField("thing", "word")]),
    ],
)
def test_a_safe_migration_breaks_none(operation: Any) -> None:
    assert broken_rules(operation) == set()


def test_an_index_built_concurrently_outside_a_transaction_is_safe() -> None:
    assert broken_rules(AddIndexConcurrently("thing", INDEX), atomic=False) == set()


def test_a_table_that_the_same_migration_creates_may_get_everything() -> None:
    made = migration(TABLE, migrations.AddIndex("thing", INDEX), migrations.AddConstraint("thing", CHECK))
    assert violations(made, ProjectState()) == []


def test_rows_and_tables_are_changed_apart() -> None:
    step = migrations.RunPython(migrations.RunPython.noop, migrations.RunPython.noop)
    column = migrations.AddField("thing", "n", models.IntegerField(null=True))
    assert broken_rules(column, step) == {"mixes_schema_and_data"}


def test_our_own_migrations_keep_the_rules(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("check_migrations")
    assert "migrations are safe" in capsys.readouterr().out


# Exceptions

PLAN = [migration(TABLE, name="0001_things"), migration(migrations.DeleteModel("Thing"))]
REASON = "The table was never used by a release, so nobody asks for it."


def test_an_exception_with_a_reason_excuses_its_rule_only() -> None:
    planted = check_plan(PLAN, {"planted/0002_planted": {"removed_while_used": REASON}}, {"planted"})
    assert [each.good for each in planted] == [True, True]
    assert planted[1].excused[0][1] == REASON


@pytest.mark.parametrize(
    ("exceptions", "words"),
    [
        ({"planted/0002_planted": {"removed_while_used": "because"}}, "needs a reason of a sentence"),
        ({"planted/0001_things": {"irreversible": REASON}}, "is not needed"),
        ({"planted/0001_things": {"no_such_rule": REASON}}, "is no rule"),
        ({"planted/0009_gone": {"irreversible": REASON}}, "there is no such file"),
    ],
)
def test_an_exception_that_is_none_fails(exceptions: dict[str, dict[str, str]], words: str) -> None:
    planted = check_plan(PLAN, exceptions, {"planted"})
    assert words in " ".join(problem for each in planted for problem in each.problems)


@pytest.mark.parametrize("content", ["- a list", "planted/0001: true", "a: {b: 1}", "{"])
def test_a_file_of_exceptions_that_cannot_be_read_is_told(content: str, tmp_path: Path) -> None:
    file = tmp_path / "exceptions.yaml"
    file.write_text(content)
    with pytest.raises(ValueError, match=r"exceptions\.yaml"):
        read_exceptions(file)


def test_an_unknown_migration_is_told() -> None:
    with pytest.raises(CommandError, match="There is no migration leads/0999"):
        call_command("check_migrations", "leads/0999")
