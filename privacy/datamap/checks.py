"""System checks: compare the data map with the models, so that an unclassified column fails the build."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, Warning
from django.db import DatabaseError
from django.db.models import Field, JSONField, Model

from branding.data_controller import controller
from encryption.fields import EncryptedBytesField, EncryptedTextField
from privacy.datamap.tables import TABLES, WITHOUT_PEOPLE
from privacy.datamap.vocabulary import BY_QUESTION, Basis, DataClass, Table

FILE = "privacy/datamap/tables/"
NOT_SEALED = {
    "django_admin_log.object_repr",  # Django writes it; what staff may change has no person for a name
    "django_admin_log.change_message",  # the same: names of fields
}


def check_data_map(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Check the map against all models. Registered in apps.py; needs no database."""
    found = [model for model in apps.get_models(include_auto_created=True) if not model._meta.proxy]
    models = {model._meta.db_table: model for model in found}
    return [
        *(problem for name, model in models.items() for problem in check_model(name, model, TABLES)),
        *(problem for name, table in TABLES.items() for problem in check_table(name, table)),
        *(
            map_error("E005", f"{name} has no model: take it out of the map")
            for name in TABLES.keys() - models
        ),
    ]


def check_controller(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """For `check --deploy`: a data controller must be set. Skipped when the database does not answer."""
    try:
        named = controller().is_known
    except DatabaseError:
        return []
    if named:
        return []
    words = "Nobody is named who answers for the data: set CONTROLLER under Settings in the admin."
    return [Warning(words, id="privacy.W001")]


def check_model(name: str, model: type[Model], tables: Mapping[str, Table]) -> Iterator[CheckMessage]:
    """Yield differences between a model and its table in the map, in both directions."""
    if name in WITHOUT_PEOPLE:
        return
    fields: dict[str, Field[Any, Any]] = {str(f.column): f for f in model._meta.local_concrete_fields}
    listed = tables[name].columns if name in tables else {}
    for column in fields.keys() - listed:
        yield map_error("E001", f"{name}.{column} is not classified")
    for column in listed.keys() - fields:
        yield map_error("E002", f"{name}.{column} is classified and does not exist")
    for column in fields.keys() & listed:
        found = listed[column]
        inside = (
            found.keys or found.rule in BY_QUESTION or found.kind in (DataClass.ANSWER, DataClass.PERSONAL)
        )
        if isinstance(fields[column], JSONField) and not inside:
            yield map_error("E003", f"{name}.{column} holds JSON: classify its keys")
        sealed = (
            isinstance(fields[column], (EncryptedTextField, EncryptedBytesField))
            or f"{name}.{column}" in NOT_SEALED
        )
        if found.kind == DataClass.PERSONAL and not sealed:
            yield map_error("E006", f"{name}.{column} names or reaches a person: encrypt it")


def check_table(name: str, table: Table) -> Iterator[CheckMessage]:
    if table.basis == Basis.NONE and any(c.kind != DataClass.PLAIN for c in table.columns.values()):
        yield map_error("E004", f"{name} holds something of people: name the legal basis")


def map_error(number: str, problem: str) -> Error:
    return Error(f"The data map: {problem}.", hint=f"See {FILE}.", id=f"privacy.{number}")
