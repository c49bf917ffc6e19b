from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from hubspot_sync.account.setup import SetupStep, set_up_account
from hubspot_sync.delivery.lead_reader import configured_destination
from hubspot_sync.http.client import open_client
from hubspot_sync.http.errors import HubSpotError, TryAgain


class Command(BaseCommand):
    help = "Create what we need in the HubSpot account: properties, unique deal key, pipeline and stage."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.HUBSPOT_TOKEN:
            raise CommandError("HUBSPOT_TOKEN is missing. Set it to a service key or private app token.")
        try:
            with open_client() as client:
                steps = list(self.written(set_up_account(client, configured_destination())))
        except TryAgain as error:
            raise CommandError(
                f"HubSpot at HUBSPOT_BASE_URL ({settings.HUBSPOT_BASE_URL}) does not answer: {error.cause}. "
                "Check the address and the network, and run hubspot_setup again."
            ) from None
        except HubSpotError as error:
            raise CommandError(
                f"HubSpot at HUBSPOT_BASE_URL ({settings.HUBSPOT_BASE_URL}) refuses: {error.cause}. "
                "Check HUBSPOT_TOKEN and its scopes, put right what is named, and run hubspot_setup again."
            ) from None
        if left := [str(step) for step in steps if not step.done]:
            raise CommandError(f"Everything else is ready. Left to put right: {'; '.join(left)}.")

    def written(self, steps: Iterable[SetupStep]) -> Iterator[SetupStep]:
        for step in steps:
            self.stdout.write(str(step))
            yield step
