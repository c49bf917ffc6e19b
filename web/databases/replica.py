"""Reads that may lag: they go to a streaming replica if there is one, and say how old their data is.

Only functions under `may_lag` read there, and only models of apps that declare `reads_may_lag`. Everything
else may depend on what was just written: the form, queues, settings, questionnaires, staff.
"""

import logging
from collections.abc import Callable
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.apps import apps
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, connections
from django.db.models import Model

from web.rest import RestAfterFailure

REPLICA = "replica"
# By the clock of the replica. Data looks older than it is while nothing is written; beat writes every 5 s.
AGE = """
SELECT greatest(0, extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp()))
WHERE pg_is_in_recovery()
"""

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

logger = logging.getLogger(__name__)
rest = RestAfterFailure()
_age: ContextVar[float | None] = ContextVar("seconds", default=None)


class ReplicaRouter:
    def db_for_read(self, model: type[Model], **hints: Any) -> str | None:
        may_lag = getattr(apps.get_app_config(model._meta.app_label), "reads_may_lag", False)
        return REPLICA if may_lag and data_age() is not None else DEFAULT_DB_ALIAS

    def db_for_write(self, model: type[Model], **hints: Any) -> str:
        return DEFAULT_DB_ALIAS

    def allow_relation(self, one: Model, other: Model, **hints: Any) -> bool:
        return True  # both databases hold the same rows

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db == DEFAULT_DB_ALIAS


def data_age() -> float | None:
    """Seconds: how old the data is that a function under `may_lag` reads. None: it reads the primary."""
    return _age.get()


def may_lag(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """Let a function that only reads, and evaluates its querysets, read the replica.

    It reads the primary if there is no replica, if that is away or older than DATABASE_REPLICA_LAG_SECONDS,
    and if it fails meanwhile: then the function is called again.
    """

    @wraps(function)
    def reading(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
        age = usable_age()
        if age is None:
            return function(*args, **kwargs)
        before = _age.set(age)
        try:
            return function(*args, **kwargs)
        except (OperationalError, InterfaceError) as error:
            note_failure(error)
        finally:
            _age.reset(before)
        return function(*args, **kwargs)

    return reading


def usable_age() -> float | None:
    """The age of the replica's data in seconds; None if it must not be read now."""
    if REPLICA not in settings.DATABASES or rest.active:
        return None
    try:
        age = replica_age()
    except (OperationalError, InterfaceError) as error:
        note_failure(error)
        return None
    return age if age is not None and age <= settings.DATABASE_REPLICA_LAG_SECONDS else None


def replica_age() -> float | None:
    """How many seconds ago the newest transaction was committed that the replica has.

    None if it has none since its start, or is no replica. Raises OperationalError.
    """
    with connections[REPLICA].cursor() as cursor:
        cursor.execute(AGE)
        row = cursor.fetchone()
    return None if row is None or row[0] is None else float(row[0])


def note_failure(error: Exception) -> None:
    """Leave the replica alone for a while, and close what may be a dead connection."""
    logger.warning("The replica fails (%s): the primary is read", type(error).__name__)
    connections[REPLICA].close()
    rest.begin()
