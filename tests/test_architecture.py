"""The house stands as docs/architecture.md draws it."""

import ast
from pathlib import Path

from django.conf import settings

from assessments import signals
from assessments.signals import lead_changed

HOUSE = (
    *("accounts", "assessments", "audit", "branding", "config", "encryption", "experiments"),
    *("hubspot_simulator", "hubspot_sync", "leads", "mailings", "operations", "privacy", "queues"),
    *("scorecard", "web"),
)


def modules() -> list[Path]:
    root = Path(settings.BASE_DIR)
    found = [path for room in HOUSE for path in (root / room).rglob("*.py")]
    return [path for path in found if not {"tests", "migrations"} & set(path.parts)]


def test_the_docstring_of_lead_changed_names_its_receivers() -> None:
    connected = {
        f"{receiver.__module__}.{receiver.__qualname__}" for receiver in lead_changed._live_receivers(None)[0]
    }
    documented = signals.__doc__.partition("Receivers:")[2].split()
    assert connected == set(documented)


def test_no_room_is_crowded() -> None:
    crowded = {str(path): count for path in modules() if (count := path.read_text().count("\n")) > 400}
    assert crowded == {}


def test_no_function_is_longer_than_a_screen() -> None:
    long = [
        f"{path}:{node.lineno} {node.name}"
        for path in modules()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno >= 60
    ]
    assert long == []


def test_nobody_listens_to_every_save() -> None:
    assert [str(path) for path in modules() if "post_save" in path.read_text()] == []
