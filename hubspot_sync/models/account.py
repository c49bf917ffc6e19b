"""The HubSpot accounts (portals) to which leads were sent; a second row means the account was changed."""

from django.db import models
from django.db.models.functions import Now


class HubSpotAccountQuerySet(models.QuerySet["HubSpotAccount"]):
    def connect(self, portal_id: str) -> bool:
        """Record the account; returns whether it is new and leads were sent to another one before."""
        if self.filter(pk=portal_id).exists():
            return False
        self.bulk_create([HubSpotAccount(pk=portal_id)], ignore_conflicts=True)
        return self.exclude(pk=portal_id).exists()

    def latest_portal(self) -> str | None:
        """The account connected last; None before the first delivery."""
        return self.order_by("-connected_at").values_list("pk", flat=True).first()


class HubSpotAccount(models.Model):
    portal_id = models.CharField(primary_key=True, max_length=20)
    connected_at = models.DateTimeField(db_default=Now())

    objects = HubSpotAccountQuerySet.as_manager()

    class Meta:
        db_table = "hubspot_accounts"
        verbose_name = "HubSpot account"
        default_permissions = ()

    def __str__(self) -> str:
        return f"HubSpot account {self.portal_id}"
