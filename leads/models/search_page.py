"""What the search reads: the folded contact details of all leads of one hour, as one encrypted value.

Decrypting a hundred thousand leads one by one takes seconds; a few hundred pages take milliseconds. A page is
a copy, so the database drops it in the transaction that changes, scrubs or deletes one of its people
(`DropSearchPage` below). Until it is built again its leads are decrypted one by one.
"""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models.functions import Now

from assessments.models.contact import CONTACT_FIELDS
from encryption.fields import EncryptedBytesField

WATCHED = (*CONTACT_FIELDS, "completed_at", "lead_quality", "created_at")
LOCK = 7_206_113  # of pg_advisory_xact_lock: shared by who changes leads, exclusive for who builds a page
LOCKS = 64  # so many hours have locks of their own: a change of a whole year must not fill the lock table
HOUR = "floor(extract(epoch FROM {}) / 3600)::integer"


class SearchPage(models.Model):
    """`hour`: hours since 1970 of `created_at`; `content`: see leads/search_pages.py."""

    hour = models.IntegerField(primary_key=True)
    content = EncryptedBytesField()
    built_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()  # when the first of its leads is to be scrubbed

    class Meta:
        db_table = "lead_search_pages"
        default_permissions = ()

    def __str__(self) -> str:
        return f"Search page {self.hour}"


class DropSearchPage(pgtrigger.Trigger):
    """Drops the page of a lead before anybody else sees the change.

    The lock keeps a page from being built of what is no longer so: who builds one waits for the transactions
    that change its leads, and these wait for each other no longer than the row of a page takes to go.
    """

    when = pgtrigger.After
    rows: ClassVar[tuple[str, ...]]  # whose hours: OLD, NEW

    def get_func(self, model: models.Model) -> str:
        hours = [HOUR.format(f"{row}.created_at") for row in self.rows]
        locks = [f"PERFORM pg_advisory_xact_lock_shared({LOCK}, {hour} % {LOCKS});" for hour in hours]
        drop = f"DELETE FROM lead_search_pages WHERE hour IN ({', '.join(hours)});"  # noqa: S608  # our own columns
        return "\n".join([*locks, drop, "RETURN NULL;"])


class DropSearchPageOfNew(DropSearchPage):
    name = "drop_search_page_of_new"
    operation = pgtrigger.Insert
    condition = pgtrigger.Condition("NEW.email IS NOT NULL")
    rows = ("NEW",)


class DropSearchPageOfChanged(DropSearchPage):
    name = "drop_search_page_of_changed"
    operation = pgtrigger.Update
    condition = pgtrigger.Condition(
        "((OLD.email IS NOT NULL OR NEW.email IS NOT NULL) AND ("
        + " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in WATCHED)
        + "))"
    )
    rows = ("OLD", "NEW")


class DropSearchPageOfGone(DropSearchPage):
    name = "drop_search_page_of_gone"
    operation = pgtrigger.Delete
    condition = pgtrigger.Condition("OLD.email IS NOT NULL")
    rows = ("OLD",)
