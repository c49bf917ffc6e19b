"""Check constraints shared by several tables."""

from collections.abc import Sequence

from django.core.validators import RegexValidator
from django.db.models import CheckConstraint, F, Func, Q, TextField, Value
from django.db.models.lookups import Exact

KEY = r"^[a-z][a-z0-9_]*$"
valid_key = RegexValidator(KEY, "Use small letters, digits and underscores, a letter first.")


def key_is_valid(table: str) -> CheckConstraint:
    """Restrict `key` to the alphabet that is safe in form fields, stored answers and statistics."""
    return CheckConstraint(name=f"{table}_key_valid", condition=Q(key__regex=KEY))


def one_of(table: str, column: str, values: Sequence[str]) -> CheckConstraint:
    return CheckConstraint(name=f"{table}_{column}_known", condition=Q((f"{column}__in", values)))


def json_is(table: str, column: str, kind: str) -> CheckConstraint:
    """Require a JSON column to hold one type; `kind` is "array" or "object"."""
    shape = Func(F(column), function="jsonb_typeof", output_field=TextField())
    return CheckConstraint(name=f"{table}_{column}_is_{kind}", condition=Exact(shape, Value(kind)))


# Properties of a HubSpot contact that are filled with its contact details: no answer goes there.
OF_PERSON = frozenset({"email", "firstname", "lastname", "company", "phone"})
