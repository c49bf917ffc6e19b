"""The apps as pyproject.toml draws them, for tests that hold the house to its drawing."""

import ast
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from config.tests.processes import PROJECT


@cache
def contracts() -> dict[str, Any]:
    """Every contract of import-linter, by its name."""
    linter = tomllib.loads((PROJECT / "pyproject.toml").read_text())["tool"]["importlinter"]
    return {contract["name"]: contract for contract in linter["contracts"]}


def apps() -> list[str]:
    """Every top-level package that the linter holds."""
    linter = tomllib.loads((PROJECT / "pyproject.toml").read_text())["tool"]["importlinter"]
    return list(linter["root_packages"])


@cache
def ranks() -> dict[str, int]:
    """The height of each app: a lower one has a smaller number, apps side by side have the same."""
    layers = contracts()["The arrows go one way"]["layers"]
    return {app: rank for rank, layer in enumerate(reversed(layers)) for app in layer.split(" | ")}


def points_up(source: str, target: str) -> bool:
    """Whether `source` may not know `target`: it stands above or beside."""
    rank = ranks()
    return source in rank and target in rank and source != target and rank[target] >= rank[source]


def modules(*packages: str) -> Iterator[Path]:
    """The files of these packages (default: of all apps), tests and migrations apart."""
    for package in packages or apps():
        for path in (PROJECT / package).rglob("*.py"):
            if not {"tests", "migrations"} & set(path.parts):
                yield path


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def place(path: Path) -> str:
    """The path as a reader of the project writes it."""
    return str(path.relative_to(PROJECT))


def dotted(path: Path) -> str:
    """The name under which the file is imported."""
    return ".".join(path.relative_to(PROJECT).with_suffix("").parts).removesuffix(".__init__")
