"""Fields that encrypt their values in the database: see encryption/keys.py.

NULL stays NULL and '' stays '', so conditions and indexes on "has a value" still work. Encrypted values
cannot be compared or ordered in SQL, except that addresses support equality.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, cast

from django.core.exceptions import FieldError
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import Expression
from django.db.models.lookups import In, Lookup

from encryption.email_addresses import canonical_address, stored_spellings
from encryption.keys import key_ring

if TYPE_CHECKING:  # generic only in the stubs
    TextField = models.TextField[str | None, str | None]
else:
    TextField = models.TextField


class EncryptedTextField(TextField):
    """Text with randomised encryption: equal values differ in the database, so it cannot be searched."""

    searchable = False
    lookups: "dict[str, type[Lookup[Any]]]" = {}

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        return None if value is None else key_ring().decrypt(self.name, value, searchable=self.searchable)

    def get_db_prep_save(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        if value is None or isinstance(value, Expression):
            return super().get_db_prep_save(value, connection)
        return key_ring().encrypt(self.name, str(value), searchable=self.searchable)

    def get_lookup(self, lookup_name: str) -> "type[Lookup[Any]] | None":
        if lookup_name == "isnull":
            return super().get_lookup(lookup_name)
        if lookup_name not in self.lookups:
            raise FieldError(f"{self.name} is encrypted: it cannot be searched by {lookup_name}.")
        return self.lookups[lookup_name]


class EncryptedBytesField(models.BinaryField):  # type: ignore[type-arg]  # generic only in the stubs
    """Long bytes with fast encryption."""

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> bytes | None:
        return None if value is None else key_ring().decrypt_bytes(self.name, bytes(value))

    def get_db_prep_save(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        found = value if value is None else key_ring().encrypt_bytes(self.name, bytes(value))
        return super().get_db_prep_save(found, connection)


class EncryptedIn(In):
    """Match any of these addresses, in any spelling and encrypted with any key."""

    def get_prep_lookup(self) -> Any:
        if self.rhs is None:
            return None
        if not isinstance(self.rhs, Iterable) or hasattr(self.rhs, "resolve_expression"):
            raise FieldError("An encrypted column can be compared with values only.")
        column = cast("EncryptedTextField", self.lhs.output_field).name
        wanted = {spelling for value in self.rhs for spelling in stored_spellings(str(value))}
        return [stored for text in wanted for stored in key_ring().stored_forms(column, text)]


class EncryptedExact(EncryptedIn):
    """Match one address, compiled as an IN over all its stored forms."""

    lookup_name = "exact"

    def get_prep_lookup(self) -> Any:
        if isinstance(self.rhs, str):
            self.rhs = [self.rhs]
        return super().get_prep_lookup()

    def get_rhs_op(self, connection: BaseDatabaseWrapper, rhs: str) -> str:
        return f"IN {rhs}"


class EncryptedAddressField(EncryptedTextField):
    """An e-mail address in canonical form with deterministic encryption, so it supports exact look-ups."""

    searchable = True
    lookups = {"exact": EncryptedExact, "in": EncryptedIn}

    def get_db_prep_save(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        return super().get_db_prep_save(
            canonical_address(value) if isinstance(value, str) else value, connection
        )
