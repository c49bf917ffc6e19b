"""Saved views of the lead list: a tab with its filters under a name, for oneself or the whole team."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import User


class LeadViewQuerySet(models.QuerySet["LeadView"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(Q(owner=user) | Q(is_shared=True))


class LeadView(models.Model):
    """`query` holds tab and filters, never a search: a search may name a person."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=1000)
    is_shared = models.BooleanField(default=False)

    objects = LeadViewQuerySet.as_manager()

    class Meta:
        db_table = "lead_views"
        default_permissions = ()
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="lead_views_name")]

    def __str__(self) -> str:
        return self.name
