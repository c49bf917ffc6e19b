"""The five contact fields shared by open sessions and finished assessments."""

from typing import Self, TypeVar

from django.db import models

from assessments.qualification import Contact
from encryption.fields import EncryptedAddressField, EncryptedTextField

CONTACT_FIELDS = ("email", "first_name", "last_name", "company", "phone")


Row = TypeVar("Row", bound="ContactFields")


class ContactQuerySet(models.QuerySet[Row]):
    def of_address(self, *addresses: str) -> Self:
        """The rows with one of these e-mail addresses, in any spelling."""
        return self.filter(email__in=addresses)


class ContactFields(models.Model):
    email = EncryptedAddressField("e-mail", null=True, blank=True)
    first_name = EncryptedTextField(null=True, blank=True)
    last_name = EncryptedTextField(null=True, blank=True)
    company = EncryptedTextField(null=True, blank=True)
    phone = EncryptedTextField(null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def contact(self) -> Contact:
        return Contact(**{field: getattr(self, field) for field in CONTACT_FIELDS})
