"""What went wrong with a lead on its way to HubSpot, in words, and what to do about it. Pure.

The causes are the codes that `hubspot_sync.answers`, `client`, `delivery` and `outcomes` write down.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cause:
    """One sentence each."""

    happened: str
    to_do: str


OUTAGE = (
    "Nothing to do while it lasts; if it was given up after 72 hours, send it again once HubSpot is back."
)
SETUP = "Run hubspot_setup, then send it again."
ACCESS = "Check the token and its scopes, then send it again."
WRONG_VALUE = "Compare the property's type in HubSpot with docs/hubspot.md, then send it again."

CAUSES = {
    "throttled": Cause("HubSpot asked us to slow down.", OUTAGE),
    "hubspot_unreachable": Cause("HubSpot could not be reached.", OUTAGE),
    "unreadable_answer": Cause("HubSpot answered with something we cannot read.", OUTAGE),
    "not_authorised_401": Cause("HubSpot does not know our token.", ACCESS),
    "not_authorised_403": Cause("Our token may not write there.", ACCESS),
    "not_authorised_530": Cause("HubSpot did not let us through to the account.", ACCESS),
    "property_doesnt_exist": Cause("A property of ours is missing in HubSpot.", SETUP),
    "key_not_unique": Cause("The property that holds our deal key is not unique in HubSpot.", SETUP),
    "bad_base_url_or_token": Cause(
        "The address or the token in our settings is malformed.", "Check HUBSPOT_BASE_URL and HUBSPOT_TOKEN."
    ),
    "out_of_time": Cause("HubSpot took longer to answer than a worker may wait.", OUTAGE),
    "http_404": Cause(
        "HubSpot has nothing at the address we call.", "Check HUBSPOT_BASE_URL and HUBSPOT_API_VERSION."
    ),
    "conflict": Cause(
        "Another contact in HubSpot has this address.", "Merge the two contacts there, then send it again."
    ),
    "invalid_email": Cause(
        "HubSpot does not accept the e-mail address.",
        "Ask the person for another address, or let the lead go: it is complete here.",
    ),
    "invalid_option": Cause("HubSpot does not know one of the values we send.", SETUP),
    "invalid_long": Cause("HubSpot does not accept a number we send.", WRONG_VALUE),
    "invalid_integer": Cause("HubSpot does not accept a number we send.", WRONG_VALUE),
    "invalid_date": Cause("HubSpot does not accept a date we send.", WRONG_VALUE),
    "validation_error": Cause("HubSpot does not accept one of the values.", WRONG_VALUE),
    "no_answer_for_input": Cause(
        "HubSpot answered without a word about this lead.", "Send it again; nothing is doubled by that."
    ),
    "association_refused": Cause(
        "Contact and deal are there, HubSpot would not link them.",
        "Look whether either was deleted or merged in HubSpot, then send it again.",
    ),
    "worker_died": Cause(
        "The worker ended five times while it held this lead.",
        "Look into the worker's log before you send it again.",
    ),
}


def explain(code: str) -> Cause:
    """The cause in words; a code that is not listed is named as it is."""
    code, _, scopes = code.partition(" ")
    if scopes:
        return Cause(f"{CAUSES[code].happened} It lacks {scopes}.", CAUSES[code].to_do)
    if code in CAUSES:
        return CAUSES[code]
    if code.startswith("http_5"):
        return Cause(f"HubSpot had an error of its own ({code.removeprefix('http_')}).", OUTAGE)
    return Cause(
        f"HubSpot refused it: {code}.", "Look the code up in HubSpot's error list, then send it again."
    )
