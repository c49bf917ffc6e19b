"""Audit records of run-time settings, written in the same transaction as the change."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from constance import settings

from audit.models import SystemLog

who: ContextVar[str] = ContextVar("who", default="command line")


@contextmanager
def changed_by(name: str) -> Iterator[None]:
    """Attribute the changes in this block to `name`, which must not identify a person."""
    token = who.set(name)
    try:
        yield
    finally:
        who.reset(token)


def record_change(sender: Any, key: str, old_value: Any, new_value: Any, **kwargs: Any) -> None:
    """Receiver of constance's `config_updated`; config/runtime_settings.py opens the transaction."""
    old = settings.CONFIG[key][0] if old_value is None else old_value
    if old != new_value:
        SystemLog.objects.record(
            "setting_changed",
            f"{key} was changed",
            setting=key,
            old=recorded(old),
            new=recorded(new_value),
            asked_by=who.get(),
        )


def recorded(value: object) -> object:
    """The value to record: numbers and booleans as they are; of texts, which may be personal, only if set."""
    if value is None or isinstance(value, (bool, int, float)):
        return value
    return "words" if value else "empty"
