"""The account that our token opens, and the properties that it can receive."""

from dataclasses import replace

from hubspot_sync.delivery.lead_reader import configured_destination
from hubspot_sync.delivery.mapping import Destination
from hubspot_sync.http.client import HubSpotClient


def connected_destination(client: HubSpotClient) -> Destination:
    """The configured names for this account, with the details property left out if the account lacks it."""
    to = configured_destination(client.account())
    if to.details_property and not client.has_property("contacts", to.details_property):
        return replace(to, names={**to.names, "ai_details_given": ""})
    return to
