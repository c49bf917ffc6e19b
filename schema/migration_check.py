"""Checks every migration of ours by the rules, with the exceptions of schema/migration_exceptions.yaml."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from django.apps import apps
from django.conf import settings
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.migration import Migration
from django.db.migrations.state import ProjectState

from schema.migration_rules import RULES, Violation, violations

EXCEPTIONS = Path(__file__).with_name("migration_exceptions.yaml")
LEAST_REASON = 20  # letters: a reason is a sentence

Exceptions = dict[str, dict[str, str]]


@dataclass(frozen=True, slots=True)
class Checked:
    """What is wrong with one migration file: violations without an exception, and useless exceptions."""

    file: str
    violations: tuple[Violation, ...]
    excused: tuple[tuple[Violation, str], ...]
    problems: tuple[str, ...]

    @property
    def good(self) -> bool:
        return not self.violations and not self.problems


def read_exceptions(path: Path = EXCEPTIONS) -> Exceptions:
    """{"app/migration": {rule: reason}}. Raises ValueError for anything else."""
    try:
        found = yaml.safe_load(path.read_text()) or {}
    except (OSError, yaml.YAMLError) as error:
        raise ValueError(f"{path.name} cannot be read: {type(error).__name__}.") from None
    if not isinstance(found, dict) or not all(
        isinstance(rules, dict) and all(isinstance(reason, str) for reason in rules.values())
        for rules in found.values()
    ):
        raise ValueError(f"{path.name} is no list of files, each with its rules and reasons.")
    return found


def check_migrations(exceptions: Exceptions, loader: MigrationLoader | None = None) -> list[Checked]:
    """Check our migrations in the order in which they are applied."""
    loader = loader or MigrationLoader(None)
    return check_plan(plan(loader), exceptions, ours())


def ours() -> set[str]:
    """The labels of our own apps: a library's migrations are not ours to change."""
    base = Path(settings.BASE_DIR)
    return {app.label for app in apps.get_app_configs() if Path(app.path).parent == base}


def plan(loader: MigrationLoader) -> list[Migration]:
    seen: dict[Any, None] = {}
    for leaf in sorted(loader.graph.leaf_nodes()):
        for key in loader.graph.forwards_plan(leaf):
            seen.setdefault(key)
    return [loader.graph.nodes[key] for key in seen]


def check_plan(migrations: Iterable[Migration], exceptions: Exceptions, labels: set[str]) -> list[Checked]:
    state, checked = ProjectState(), []
    for migration in migrations:
        if migration.app_label in labels:
            checked.append(check_one(migration, state, exceptions))
        else:
            state = migration.mutate_state(state, preserve=False)
    known = {each.file for each in checked}
    unused = ("has exceptions, but there is no such file",)
    gone = [Checked(file, (), (), unused) for file in exceptions if file not in known]
    return checked + gone


def check_one(migration: Migration, state: ProjectState, exceptions: Exceptions) -> Checked:
    file = f"{migration.app_label}/{migration.name}"
    found = violations(migration, state)
    reasons = exceptions.get(file, {})
    problems = [f"{rule} is no rule" for rule in reasons if rule not in RULES]
    problems += [
        f"the exception for {rule} needs a reason of a sentence"
        for rule, reason in reasons.items()
        if len(reason.strip()) < LEAST_REASON
    ]
    broken = {violation.rule for violation in found}
    unneeded = sorted(reasons.keys() & RULES.keys() - broken)
    problems += [f"the exception for {rule} is not needed" for rule in unneeded]
    excused = tuple((each, reasons[each.rule]) for each in found if each.rule in reasons)
    return Checked(file, tuple(each for each in found if each.rule not in reasons), excused, tuple(problems))
