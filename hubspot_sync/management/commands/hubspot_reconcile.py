import sys
from time import sleep
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from hubspot_sync.account.connection import connected_destination
from hubspot_sync.http.client import HubSpotClient, open_client
from hubspot_sync.http.errors import HubSpotError, TryAgain
from hubspot_sync.models import Reconciliation
from hubspot_sync.reconciliation.reconcile import reconcile, summary_of

PATIENCE_SECONDS = 30.0  # waits for a throttle, not for an outage
MOST_WAITS = 5  # for one page


class Command(BaseCommand):
    help = (
        "Compare our leads with HubSpot's contacts and deals, both ways. What differs is sent again, what a "
        "person must decide is listed. Goes on where the last run stopped. Runs every night by itself."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="Compare and list, change nothing.")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.HUBSPOT_TOKEN:
            raise CommandError("HUBSPOT_TOKEN is missing. Set it to a service key or private app token.")
        self.waits = 0
        with open_client() as client:
            run = self.compare(client, dry_run=options["dry_run"])
        self.stdout.write(summary_of(run))
        for found in run.differences.filter(put_right=False).order_by("kind", "pk"):
            lead = f"lead {found.assessment_id}, " if found.assessment_id else ""
            self.stdout.write(f"{found.get_kind_display()}: {lead}HubSpot id {found.hubspot_id or 'none'}")

    def compare(self, client: HubSpotClient, *, dry_run: bool) -> Reconciliation:
        """Run the comparison to its end, waiting whenever HubSpot throttles."""
        while True:
            try:
                to = connected_destination(client)
                run = reconcile(client, to, dry_run=dry_run, progress=self.progress)
            except TryAgain as error:
                self.wait(error)
                continue
            except HubSpotError as error:
                raise CommandError(
                    f"HubSpot at HUBSPOT_BASE_URL ({settings.HUBSPOT_BASE_URL}) refuses: {error.cause}. "
                    "Run hubspot_check to see what is wrong, then run hubspot_reconcile again."
                ) from None
            if run is None or not run.finished_at:
                raise CommandError("Another run is comparing right now. Run hubspot_reconcile again later.")
            return run

    def wait(self, error: TryAgain) -> None:
        """Sleep when HubSpot only throttles; otherwise stop with a one-line error."""
        seconds = error.retry_after
        self.waits += 1
        if seconds is None or seconds > PATIENCE_SECONDS or self.waits > MOST_WAITS:
            raise CommandError(
                f"HubSpot at HUBSPOT_BASE_URL ({settings.HUBSPOT_BASE_URL}) does not answer: {error.cause}. "
                "Run hubspot_reconcile again later: it goes on where it stopped."
            ) from None
        sleep(seconds)

    def progress(self, run: Reconciliation) -> None:
        """A progress line on a terminal; silent in a log."""
        self.waits = 0
        if sys.stderr.isatty():
            compared = f"{run.here:,} leads compared, now: {run.get_step_display().lower()}"
            self.stderr.write(f"\r{compared:60}", ending="\n" if run.finished_at else "")
