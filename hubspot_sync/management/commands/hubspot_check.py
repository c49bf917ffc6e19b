from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from hubspot_sync.account.check import check_account
from hubspot_sync.delivery.lead_reader import configured_destination
from hubspot_sync.http.client import open_client


class Command(BaseCommand):
    help = (
        "Look whether the HubSpot account is ready: token, scopes, properties, pipeline, calls of today, and "
        "a test lead that is created, changed, linked and removed again."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--without-test-lead", action="store_true", help="Only look, write nothing.")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.HUBSPOT_TOKEN:
            raise CommandError("HUBSPOT_TOKEN is missing. Set it to a service key or private app token.")
        failed = 0
        with open_client() as client:
            test_lead = not options["without_test_lead"]
            for finding in check_account(
                client, configured_destination(), timezone.now(), test_lead=test_lead
            ):
                self.stdout.write(str(finding))
                failed += not finding.good
        if failed:
            raise CommandError(f"{failed} to put right.")
