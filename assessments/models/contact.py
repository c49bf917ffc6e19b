"""The five contact fields, which an open session and a finished assessment both carry."""

from django.db import models

from assessments.qualification import Contact

CONTACT_FIELDS = ("email", "first_name", "last_name", "company", "phone")


class ContactFields(models.Model):
    email = models.EmailField("e-mail", max_length=255, null=True, blank=True)
    first_name = models.CharField(max_length=255, null=True, blank=True)
    last_name = models.CharField(max_length=255, null=True, blank=True)
    company = models.CharField(max_length=255, null=True, blank=True)
    phone = models.CharField(max_length=255, null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def contact(self) -> Contact:
        return Contact(**{field: getattr(self, field) for field in CONTACT_FIELDS})
