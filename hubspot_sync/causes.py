"""Why the delivery of a lead failed, in words, and what to do about it. Pure.

Causes are the codes that the queue stores; a code may be followed by what is missing (`not_authorised_403
crm.objects.deals.write`).
"""

from queues.causes import Cause

OUTAGE = "Nothing while it lasts. If it was given up after 72 hours, send it again once HubSpot is back."
SETUP = "Run hubspot_setup, which says what is wrong, then send it again."
ACCESS = "Check the token and its scopes, then send it again."
ADDRESS = "Check HUBSPOT_BASE_URL and HUBSPOT_API_VERSION, then send it again."
VALUE = "Compare the property in HubSpot with what hubspot_setup creates, then send it again."
MERGED = "Check whether the contact or the deal was deleted or merged in HubSpot, then send it again."

NOTHING = "Nothing."
BY_HAND = "done_by_hand"

CAUSES = {
    "throttled": Cause("HubSpot asked us to slow down.", OUTAGE),
    "daily_quota_used_up": Cause(
        "HubSpot accepts no more calls today.",
        "Nothing: delivery resumes at midnight in the account's time zone. Raise the limit if it happens "
        "again.",
    ),
    "hubspot_unreachable": Cause("HubSpot could not be reached.", OUTAGE),
    "unreadable_answer": Cause("HubSpot answered with something we cannot read.", OUTAGE),
    "out_of_time": Cause("HubSpot took too long to answer.", OUTAGE),
    "not_authorised_401": Cause("HubSpot does not know our token.", ACCESS),
    "not_authorised_403": Cause("Our token may not write there.", ACCESS),
    "not_authorised_530": Cause("HubSpot did not let us through to the account.", ACCESS),
    "bad_base_url_or_token": Cause("The address of HubSpot or our token is malformed.", ADDRESS),
    "property_doesnt_exist": Cause("One of our properties is missing in HubSpot.", SETUP),
    "key_not_unique": Cause("The property that tells our deals apart is not unique in HubSpot.", SETUP),
    "invalid_option": Cause("HubSpot does not know one of the values we send.", SETUP),
    "invalid_email": Cause(
        "HubSpot does not accept the e-mail address.",
        "Ask the person for another address, or let the lead go: it is complete here.",
    ),
    "invalid_long": Cause("HubSpot does not accept a number we send.", VALUE),
    "invalid_integer": Cause("HubSpot does not accept a number we send.", VALUE),
    "invalid_date": Cause("HubSpot does not accept a date we send.", VALUE),
    "validation_error": Cause("HubSpot does not accept one of the values.", VALUE),
    "refused": Cause("HubSpot refused the lead without a reason.", VALUE),
    "conflict": Cause("A deleted or hidden contact in HubSpot has this address.", MERGED),
    "http_409": Cause("A deleted or hidden contact in HubSpot has this address.", MERGED),
    "erased_in_hubspot": Cause(
        "The contact was deleted or erased in HubSpot, which does not accept the address again.",
        "Nothing: if it was erased at the person's request, erase the lead here as well.",
    ),
    "made_again": Cause("The contact or deal was deleted in HubSpot and created again.", NOTHING),
    "address_of_another_contact": Cause(
        "The person gave an address that another contact has, which is used now.",
        "Merge the two contacts in HubSpot if they are one person.",
    ),
    "new_address": Cause(
        "The person gave another address, which has a contact of its own now; the one before stays as it is.",
        "Merge the two contacts in HubSpot if they are one person.",
    ),
    "account_changed": Cause(
        "HUBSPOT_TOKEN opens another HubSpot account than before. Ids of the other account are not used.",
        "Nothing if that is meant: docs/hubspot.md, “Another account”. Else put the token back.",
    ),
    "second_address": Cause("HubSpot knows the address as another one of a contact.", NOTHING),
    "http_404": Cause("HubSpot has nothing at the address we call.", ADDRESS),
    "no_answer_for_input": Cause(
        "HubSpot's answer did not mention this lead.", "Send it again; that creates no duplicate."
    ),
    "association_refused": Cause("Contact and deal are there, HubSpot would not link them.", MERGED),
    "nothing_left_to_erase": Cause(
        "The retention ended before HubSpot could be told whom to erase.",
        "Erase the contact in HubSpot by hand, if it is still there, then note it with “Erased by hand”.",
    ),
    "contact_has_other_address": Cause(
        "The contact that the lead created has another address now, so it was not erased.",
        "If it is the same person, erase it in HubSpot by hand; then note it with “Erased by hand”.",
    ),
    "contact_in_other_account": Cause(
        "The contact is in another HubSpot account than the one we are connected to.",
        "Erase it there by hand, then note it with “Erased by hand”.",
    ),
    BY_HAND: Cause("Someone erased the contact in HubSpot by hand.", NOTHING),
    "key_missing": Cause(
        "The address is encrypted with a key that FIELD_ENCRYPTION_KEYS does not hold.",
        "Put the key back, then send it again.",
    ),
    "worker_died": Cause(
        "The worker died five times while it was sending this lead.",
        "Check the worker's log before you send it again.",
    ),
}


def explain(code: str) -> Cause:
    """The cause in words; an unlisted code is shown as it is."""
    head, _, missing = code.partition(" ")
    if head in CAUSES:
        known = CAUSES[head]
        if not missing:
            return known
        word = "Missing" if head.startswith("not_authorised") else "Property"
        return Cause(known.happened, f"{known.to_do} {word}: {missing}.")
    status = head.removeprefix("http_")
    if status.startswith("5") and status != head:
        return Cause(f"HubSpot had an error of its own ({status}).", OUTAGE)
    if status != head:
        return Cause(f"HubSpot does not accept our calls ({status}).", ADDRESS)
    return Cause(
        f"HubSpot refused it: {code}.", "Look the code up in HubSpot's error list, then send it again."
    )
