"""Columns shared by many tables of the data map, under short names."""

from assessments import retention
from privacy.datamap.vocabulary import ClearingRule, Column, DataClass, Recipient

PERSON_NULL = Column(DataClass.PERSONAL, ClearingRule.NULL)
CONTACT_NULL = Column(DataClass.PERSONAL, ClearingRule.NULL, to=(Recipient.HUBSPOT,))
ADDRESS_NULL = Column(DataClass.PERSONAL, ClearingRule.NULL, to=(Recipient.HUBSPOT, Recipient.MAIL))
ADDRESS = Column(DataClass.PERSONAL, to=(Recipient.HUBSPOT, Recipient.MAIL))  # deleted with its row
CONTACT = Column(DataClass.PERSONAL, to=(Recipient.HUBSPOT,))  # deleted with its row
TRACE_NULL = Column(DataClass.PSEUDONYMOUS, ClearingRule.NULL)
CHOICE_NULL = Column(DataClass.ANSWER, ClearingRule.NULL)
TRACE = Column(DataClass.PSEUDONYMOUS)  # deleted with its row
PERSON = Column(DataClass.PERSONAL)  # deleted with its row
ANSWERS = Column(DataClass.ANSWER)  # deleted with its row
TYPED_GO = Column(
    DataClass.ANSWER, ClearingRule.TYPED
)  # the question definitions say which answers are typed or personal
STAFF = Column(DataClass.STAFF)
PLAIN = Column(DataClass.PLAIN)

UTM = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content")
CAMPAIGN = Column(
    DataClass.PSEUDONYMOUS, ClearingRule.EMPTY, keys=dict.fromkeys(UTM, DataClass.PSEUDONYMOUS)
)  # a campaign may target a single person


def impersonal(*names: str) -> dict[str, Column]:
    return dict.fromkeys(names, PLAIN)


def sent_to_hubspot(*names: str) -> dict[str, Column]:
    return dict.fromkeys(names, Column(DataClass.PLAIN, to=(Recipient.HUBSPOT,)))


def about_staff(*names: str) -> dict[str, Column]:
    return dict.fromkeys(names, STAFF)


def listed_keys(*keys: str) -> Column:
    """A JSON object with these keys, none of them personal; the scrub drops all others."""
    return Column(DataClass.PLAIN, ClearingRule.LISTED, keys=dict.fromkeys(keys, DataClass.PLAIN))


def authored_json(*names: str) -> dict[str, Column]:
    """JSON written by authors or computed by us: any key, no personal data."""
    return dict.fromkeys(names, Column(DataClass.PLAIN, keys={"*": DataClass.PLAIN}))


AFTER_RETENTION = retention.SETTING
AS_PROOF = "ERASURE_PROOF_DAYS"
