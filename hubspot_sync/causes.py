"""Why the delivery of a lead failed, in words, and what to do about it. Pure.

Causes are the codes that the queue stores; a code may be followed by what is missing (`not_authorised_403
crm.objects.deals.write`).
"""

from collections.abc import Callable

from queues.causes import Cause
from web import gettext_noop as _

OUTAGE = _("Nothing while it lasts. If it was given up after 72 hours, send it again once HubSpot is back.")
SETUP = _("Run hubspot_setup, which says what is wrong, then send it again.")
ACCESS = _("Check the token and its scopes, then send it again.")
ADDRESS = _("Check HUBSPOT_BASE_URL and HUBSPOT_API_VERSION, then send it again.")
VALUE = _("Compare the property in HubSpot with what hubspot_setup creates, then send it again.")
MERGED = _("Check whether the contact or the deal was deleted or merged in HubSpot, then send it again.")

NOTHING = _("Nothing.")
BY_HAND = "done_by_hand"

CAUSES = {
    "throttled": Cause(_("HubSpot asked us to slow down."), OUTAGE),
    "daily_quota_used_up": Cause(
        _("HubSpot accepts no more calls today."),
        _(
            "Nothing: delivery resumes at midnight in the account's time zone. Raise the limit if it happens "
            "again."
        ),
    ),
    "hubspot_unreachable": Cause(_("HubSpot could not be reached."), OUTAGE),
    "unreadable_answer": Cause(_("HubSpot answered with something we cannot read."), OUTAGE),
    "out_of_time": Cause(_("HubSpot took too long to answer."), OUTAGE),
    "not_authorised_401": Cause(_("HubSpot does not know our token."), ACCESS),
    "not_authorised_403": Cause(_("Our token may not write there."), ACCESS),
    "not_authorised_530": Cause(_("HubSpot did not let us through to the account."), ACCESS),
    "bad_base_url_or_token": Cause(_("The address of HubSpot or our token is malformed."), ADDRESS),
    "property_doesnt_exist": Cause(_("One of our properties is missing in HubSpot."), SETUP),
    "key_not_unique": Cause(_("The property that tells our deals apart is not unique in HubSpot."), SETUP),
    "invalid_option": Cause(_("HubSpot does not know one of the values we send."), SETUP),
    "invalid_email": Cause(
        _("HubSpot does not accept the e-mail address."),
        _("Ask the person for another address, or let the lead go: it is complete here."),
    ),
    "invalid_long": Cause(_("HubSpot does not accept a number we send."), VALUE),
    "invalid_integer": Cause(_("HubSpot does not accept a number we send."), VALUE),
    "invalid_date": Cause(_("HubSpot does not accept a date we send."), VALUE),
    "validation_error": Cause(_("HubSpot does not accept one of the values."), VALUE),
    "refused": Cause(_("HubSpot refused the lead without a reason."), VALUE),
    "conflict": Cause(_("A deleted or hidden contact in HubSpot has this address."), MERGED),
    "http_409": Cause(_("A deleted or hidden contact in HubSpot has this address."), MERGED),
    "erased_in_hubspot": Cause(
        _("The contact was deleted or erased in HubSpot, which does not accept the address again."),
        _("Nothing: if it was erased at the person's request, erase the lead here as well."),
    ),
    "made_again": Cause(_("The contact or deal was deleted in HubSpot and created again."), NOTHING),
    "address_of_another_contact": Cause(
        _("The person gave an address that another contact has, which is used now."),
        _("Merge the two contacts in HubSpot if they are one person."),
    ),
    "new_address": Cause(
        _(
            "The person gave another address, which has a contact of its own now; "
            "the one before stays as it is."
        ),
        _("Merge the two contacts in HubSpot if they are one person."),
    ),
    "account_changed": Cause(
        _("HUBSPOT_TOKEN opens another HubSpot account than before. Ids of the other account are not used."),
        _("Nothing if that is meant: docs/hubspot.md, “Another account”. Else put the token back."),
    ),
    "second_address": Cause(_("HubSpot knows the address as another one of a contact."), NOTHING),
    "http_404": Cause(_("HubSpot has nothing at the address we call."), ADDRESS),
    "no_answer_for_input": Cause(
        _("HubSpot's answer did not mention this lead."), _("Send it again; that creates no duplicate.")
    ),
    "association_refused": Cause(_("Contact and deal are there, HubSpot would not link them."), MERGED),
    "nothing_left_to_erase": Cause(
        _("The retention ended before HubSpot could be told whom to erase."),
        _("Erase the contact in HubSpot by hand, if it is still there, then note it with “Erased by hand”."),
    ),
    "contact_has_other_address": Cause(
        _("The contact that the lead created has another address now, so it was not erased."),
        _("If it is the same person, erase it in HubSpot by hand; then note it with “Erased by hand”."),
    ),
    "contact_in_other_account": Cause(
        _("The contact is in another HubSpot account than the one we are connected to."),
        _("Erase it there by hand, then note it with “Erased by hand”."),
    ),
    BY_HAND: Cause(_("Someone erased the contact in HubSpot by hand."), NOTHING),
    "key_missing": Cause(
        _("The address is encrypted with a key that FIELD_ENCRYPTION_KEYS does not hold."),
        _("Put the key back, then send it again."),
    ),
    "worker_died": Cause(
        _("The worker died five times while it was sending this lead."),
        _("Check the worker's log before you send it again."),
    ),
}
MISSING_SCOPE, PROPERTY = _("Missing: %(value)s."), _("Property: %(value)s.")
OWN_ERROR = Cause(_("HubSpot had an error of its own (%(value)s)."), OUTAGE)
NOT_ACCEPTED = Cause(_("HubSpot does not accept our calls (%(value)s)."), ADDRESS)
UNKNOWN = Cause(
    _("HubSpot refused it: %(value)s."), _("Look the code up in HubSpot's error list, then send it again.")
)


def explain(code: str, translate: Callable[[str], str] = str) -> Cause:
    """The cause in words; an unlisted code is shown as it is."""
    head, _space, missing = code.partition(" ")
    if head in CAUSES:
        known = CAUSES[head].translated(translate)
        if not missing:
            return known
        more = translate(MISSING_SCOPE if head.startswith("not_authorised") else PROPERTY)
        return Cause(known.happened, f"{known.to_do} {more % {'value': missing}}")
    status = head.removeprefix("http_")
    if status == head:
        status, found = code, UNKNOWN
    else:
        found = OWN_ERROR if status.startswith("5") else NOT_ACCEPTED
    known = found.translated(translate)
    return Cause(known.happened % {"value": status}, known.to_do)
