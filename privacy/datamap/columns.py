"""The columns that many tables of the data map share, under short names."""

from privacy.datamap.vocabulary import ClearingRule, Column, DataClass, Recipient

PERSON_NULL = Column(DataClass.PERSONAL, ClearingRule.NULL)
CONTACT_NULL = Column(DataClass.PERSONAL, ClearingRule.NULL, to=(Recipient.HUBSPOT,))
ADDRESS_NULL = Column(DataClass.PERSONAL, ClearingRule.NULL, to=(Recipient.HUBSPOT, Recipient.MAIL))
ADDRESS = Column(DataClass.PERSONAL, to=(Recipient.HUBSPOT, Recipient.MAIL))  # gone with its row
CONTACT = Column(DataClass.PERSONAL, to=(Recipient.HUBSPOT,))  # gone with its row
TRACE_NULL = Column(DataClass.PSEUDONYMOUS, ClearingRule.NULL)
TRACE = Column(DataClass.PSEUDONYMOUS)  # gone with its row
PERSON = Column(DataClass.PERSONAL)  # gone with its row
ANSWERS = Column(DataClass.ANSWER)  # gone with its row
TYPED_GO = Column(
    DataClass.ANSWER, ClearingRule.TYPED
)  # which ones are typed, or personal, the questions say
STAFF = Column(DataClass.STAFF)
PLAIN = Column(DataClass.PLAIN)

UTM = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content")
CAMPAIGN = Column(
    DataClass.PSEUDONYMOUS, ClearingRule.EMPTY, keys=dict.fromkeys(UTM, DataClass.PSEUDONYMOUS)
)  # made for one?


def impersonal(*names: str) -> dict[str, Column]:
    return dict.fromkeys(names, PLAIN)


def sent_to_hubspot(*names: str) -> dict[str, Column]:
    return dict.fromkeys(names, Column(DataClass.PLAIN, to=(Recipient.HUBSPOT,)))


def about_staff(*names: str) -> dict[str, Column]:
    return dict.fromkeys(names, STAFF)


def listed_keys(*keys: str) -> Column:
    """A JSON object with these keys, none of them personal; the scrub drops any other."""
    return Column(DataClass.PLAIN, ClearingRule.LISTED, keys=dict.fromkeys(keys, DataClass.PLAIN))


def authored_json(*names: str) -> dict[str, Column]:
    """JSON that authors write or that we count: any key, no person."""
    return dict.fromkeys(names, Column(DataClass.PLAIN, keys={"*": DataClass.PLAIN}))


AFTER_RETENTION = "EMAIL_RETENTION_DAYS"
AS_PROOF = "ERASURE_PROOF_DAYS"
