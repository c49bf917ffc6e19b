"""The columns that many tables of the data map share, under short names."""

from privacy.datamap.vocabulary import Column, Kind, Recipient, Rule

PERSON_NULL = Column(Kind.PERSONAL, Rule.NULL)
CONTACT_NULL = Column(Kind.PERSONAL, Rule.NULL, to=(Recipient.HUBSPOT,))
ADDRESS_NULL = Column(Kind.PERSONAL, Rule.NULL, to=(Recipient.HUBSPOT, Recipient.MAIL))
ADDRESS = Column(Kind.PERSONAL, to=(Recipient.HUBSPOT, Recipient.MAIL))  # gone with its row
CONTACT = Column(Kind.PERSONAL, to=(Recipient.HUBSPOT,))  # gone with its row
TRACE_NULL = Column(Kind.PSEUDONYMOUS, Rule.NULL)
TRACE = Column(Kind.PSEUDONYMOUS)  # gone with its row
PERSON = Column(Kind.PERSONAL)  # gone with its row
ANSWERS = Column(Kind.ANSWER)  # gone with its row
TYPED_GO = Column(Kind.ANSWER, Rule.TYPED)  # which ones are typed, or personal, the questions say
STAFF = Column(Kind.STAFF)
PLAIN = Column(Kind.PLAIN)

UTM = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content")
CAMPAIGN = Column(Kind.PSEUDONYMOUS, Rule.EMPTY, keys=dict.fromkeys(UTM, Kind.PSEUDONYMOUS))  # made for one?


def plain(*names: str) -> dict[str, Column]:
    return dict.fromkeys(names, PLAIN)


def sent(*names: str) -> dict[str, Column]:
    return dict.fromkeys(names, Column(Kind.PLAIN, to=(Recipient.HUBSPOT,)))


def staff(*names: str) -> dict[str, Column]:
    return dict.fromkeys(names, STAFF)


def listed(*keys: str) -> Column:
    """A JSON object with these keys, none of them personal; the scrub drops any other."""
    return Column(Kind.PLAIN, Rule.LISTED, keys=dict.fromkeys(keys, Kind.PLAIN))


def content(*names: str) -> dict[str, Column]:
    """JSON that authors write or that we count: any key, no person."""
    return dict.fromkeys(names, Column(Kind.PLAIN, keys={"*": Kind.PLAIN}))


AFTER_RETENTION = "EMAIL_RETENTION_DAYS"
AS_PROOF = "ERASURE_PROOF_DAYS"
