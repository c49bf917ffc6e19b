"""The notes beside the models: docstrings, and the comments above or behind a field or an index."""

import ast
import inspect
import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import models

NAMED = ("Index", "UniqueConstraint", "CheckConstraint", "ExclusionConstraint")
SILENCED = re.compile("(type: ?" + "ignore|no" + "qa)")


@dataclass(slots=True)
class ModelNotes:
    purpose: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    named: dict[str, str] = field(default_factory=dict)  # of indexes and constraints


def models_by_table() -> dict[str, type[models.Model]]:
    """{table: model}, ours and those of libraries, tables of many-to-many relations too."""
    return {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}


def is_ours(model: type[models.Model]) -> bool:
    return Path(apps.get_app_config(model._meta.app_label).path).parent == Path(settings.BASE_DIR)


def notes_of(model: type[models.Model]) -> ModelNotes:
    """The notes of a model, and of the abstract models that it is built on."""
    found = ModelNotes()
    for base in reversed([each for each in model.__mro__ if issubclass(each, models.Model)]):
        if base is not models.Model and base.__module__.partition(".")[0] != "django":
            here = read_notes(base.__module__, base.__name__)
            found.fields |= here.fields
            found.named |= here.named
            found.purpose = here.purpose or found.purpose
    return found


@cache
def read_notes(module: str, name: str) -> ModelNotes:
    found = ModelNotes()
    try:
        source = inspect.getsource(__import__(module, fromlist=["_"]))
    except (OSError, TypeError):
        return found
    lines = source.splitlines()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ClassDef) and node.name == name:
            found.purpose = first_sentence(ast.get_docstring(node) or "")
            for each in node.body:
                if isinstance(each, ast.Assign) and isinstance(each.targets[0], ast.Name):
                    found.fields[each.targets[0].id] = comment_at(lines, each)
            found.named = {key: words for call in ast.walk(node) for key, words in named(lines, call)}
    return found


def named(lines: list[str], node: ast.AST) -> list[tuple[str, str]]:
    """[(name, comment)] of a call that makes an index or a constraint."""
    if (
        not isinstance(node, ast.Call)
        or getattr(node.func, "attr", getattr(node.func, "id", "")) not in NAMED
    ):
        return []
    names = [
        each.value.value
        for each in node.keywords
        if each.arg == "name" and isinstance(each.value, ast.Constant)
    ]
    return [(str(name), comment_at(lines, node)) for name in names]


def comment_at(lines: list[str], node: ast.stmt | ast.expr) -> str:
    """The comment behind the node's last line, else the block of comments right above it."""
    behind = lines[(node.end_lineno or node.lineno) - 1][node.end_col_offset or 0 :].partition("#")[2].strip()
    if behind and not SILENCED.match(behind):
        return behind
    above, number = [], node.lineno - 2
    while number >= 0 and lines[number].strip().startswith("#"):
        above.append(lines[number].strip().lstrip("# "))
        number -= 1
    return " ".join(reversed(above))


def first_sentence(text: str) -> str:
    return re.split(r"(?<=\.)\s|\n\n", " ".join(text.split("\n\n")[0].split()))[0]
