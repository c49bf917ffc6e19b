"""Text columns whose values are sealed on their way into the database: see encryption/sealing.py.

NULL stays NULL and '' stays '', so conditions and indexes on "has a value" hold. A value cannot be compared
or ordered in SQL; an address can be compared for equality.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, cast

from django.core.exceptions import FieldError
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import Expression
from django.db.models.lookups import In, Lookup

from encryption.sealing import ring

if TYPE_CHECKING:  # generic in the stubs only
    TextField = models.TextField[str | None, str | None]
else:
    TextField = models.TextField


class SealedTextField(TextField):
    searchable = False
    lookups: "dict[str, type[Lookup[Any]]]" = {}

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        return None if value is None else ring().unseal(self.name, value, searchable=self.searchable)

    def get_db_prep_save(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        if value is None or isinstance(value, Expression):
            return super().get_db_prep_save(value, connection)
        return ring().seal(self.name, str(value), searchable=self.searchable)

    def get_lookup(self, lookup_name: str) -> "type[Lookup[Any]] | None":
        if lookup_name == "isnull":
            return super().get_lookup(lookup_name)
        if lookup_name not in self.lookups:
            raise FieldError(f"{self.name} is sealed: it cannot be searched by {lookup_name}.")
        return self.lookups[lookup_name]


class SealedIn(In):
    """Equal to any of these values, whichever key sealed them."""

    def get_prep_lookup(self) -> Any:
        if self.rhs is None:
            return None
        if not isinstance(self.rhs, Iterable) or hasattr(self.rhs, "resolve_expression"):
            raise FieldError("A sealed column can be compared with values only.")
        column = cast("SealedTextField", self.lhs.output_field).name
        return [look for value in self.rhs for look in ring().looks(column, str(value))]


class SealedExact(SealedIn):
    lookup_name = "exact"

    def get_prep_lookup(self) -> Any:
        if isinstance(self.rhs, str):
            self.rhs = [self.rhs]
        return super().get_prep_lookup()

    def get_rhs_op(self, connection: BaseDatabaseWrapper, rhs: str) -> str:
        return f"IN {rhs}"


class SealedAddressField(SealedTextField):
    """An e-mail address: it can be found by its whole."""

    searchable = True
    lookups = {"exact": SealedExact, "in": SealedIn}
