"""Scrub certificates in the admin, newest first, as evidence for an audit."""

from collections.abc import Iterable
from datetime import datetime

from django.contrib import admin
from django.db.models import F
from django.utils.formats import localize
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from privacy.models import ScrubCertificate
from web.read_only_admin import ReadOnlyAdmin, column

ENDS = {"complete": "success", "stopped": "warning", "open": "info"}


@admin.register(ScrubCertificate)
class ScrubCertificateAdmin(ReadOnlyAdmin):
    list_display = ("name", "finished_at", "end", "cleared", "unconfirmed", "took")
    ordering = (F("number").desc(nulls_first=True),)
    fields = (
        *("name", "started_at", "finished_at", "end", "took", "cleared", "columns", "unconfirmed"),
        *("up_to", "map_version", "previous", "hash"),
    )

    @column(gettext_lazy("Certificate"))
    def name(self, certificate: ScrubCertificate) -> str:
        return str(certificate)

    @column(gettext_lazy("End"), labels=ENDS)
    def end(self, certificate: ScrubCertificate) -> tuple[str, str]:
        """Show whether everything that was due was cleared."""
        if certificate.number is None:
            return "open", _("Under way")
        if certificate.complete:
            return "complete", _("Nothing was left")
        return "stopped", _("Something was left for the next run")

    @column(gettext_lazy("Rows cleared"))
    def cleared(self, certificate: ScrubCertificate) -> str:
        return f"{certificate.rows:,}"

    @column(gettext_lazy("Took"))
    def took(self, certificate: ScrubCertificate) -> str:
        return f"{certificate.duration.total_seconds():.1f} s"

    @column(gettext_lazy("Up to"))
    def up_to(self, certificate: ScrubCertificate) -> SafeString | str:
        """Render `EMAIL_RETENTION_DAYS: 22 October 2026, 09:08 UTC`, one per line."""
        cutoffs = certificate.cutoffs.items()
        return one_per_line(
            (setting, localize(datetime.fromisoformat(moment))) for setting, moment in cutoffs
        )

    @column(gettext_lazy("Values cleared"))
    def columns(self, certificate: ScrubCertificate) -> SafeString | str:
        """Render `assessments.email: 12`, one per line."""
        return one_per_line(
            (f"{table}.{name}", f"{count:,}")
            for table, counts in certificate.counts.items()
            for name, count in counts.items()
        )


def one_per_line(pairs: Iterable[tuple[str, str]]) -> SafeString | str:
    return format_html_join("", "{}: {}<br>", pairs) or _("None")
