"""Every model of ours has a factory that makes a row without being told anything."""

from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from factory.base import FactoryMetaClass

from config.tests.processes import PROJECT
from schema.notes import is_ours
from tests.house import apps as house_apps

MODELS: set[Any] = {model for model in apps.get_models() if is_ours(model)}


def label_of(model: Any) -> str:
    return str(model._meta.label)


def factories() -> dict[type[Any], Any]:
    """{model: its factory}, of the modules `<app>/tests/factories.py`."""
    found: dict[type[Any], Any] = {}
    for app in house_apps():
        if (PROJECT / app / "tests/factories.py").exists():
            module = import_module(f"{app}.tests.factories")
            for each in vars(module).values():
                if isinstance(each, FactoryMetaClass) and each.__module__ == module.__name__:
                    factory: Any = each
                    found.setdefault(factory._meta.model, factory)
    return found


def test_every_model_has_a_factory() -> None:
    assert MODELS - factories().keys() == set()


@pytest.mark.django_db
@pytest.mark.parametrize("model", sorted(MODELS, key=label_of), ids=label_of)
def test_a_factory_makes_a_row_of_its_own(model: type[Any]) -> None:
    made = factories()[model].create()
    assert model._base_manager.filter(pk=made.pk).exists()
