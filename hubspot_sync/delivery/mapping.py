"""Which value of a lead becomes which property in HubSpot. Pure; every value travels as a string."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

PERSON_LABELS = {
    "firstname": "First name",
    "lastname": "Last name",
    "company": "Company",
    "phone": "Phone",
}


@dataclass(frozen=True, slots=True)
class LeadValues:
    """What HubSpot may know of one assessment. `areas` are 0-100 by section key.

    An open assessment has an address and no result: what is not known yet is None, `areas` empty.
    `contact_id`, `deal_id` and `address_hash` are what HubSpot's last answer told us, None before the first.
    """

    key: str
    email: str
    first_name: str | None = None
    last_name: str | None = None
    company: str | None = None
    phone: str | None = None
    total_score: int | None = None
    areas: Mapping[str, int] = field(default_factory=dict)
    category: str | None = None
    quality: str | None = None
    completed_at: datetime | None = None
    completion_seconds: int | None = None
    campaign: Mapping[str, str] = field(default_factory=dict)  # utm_source, utm_medium, ... -> value
    contact_id: str | None = None
    deal_id: str | None = None
    portal_id: str | None = None  # of the account that these ids belong to
    address_hash: str | None = None
    consents: Mapping[str, bool] = field(default_factory=dict)  # purpose -> given; never asked is not in it
    objects: bool = False  # to being contacted: only the consents may be sent
    address_is_proven: bool = False
    owns_contact: bool = False  # this assessment created the contact, and no other assessment uses it


@dataclass(frozen=True, slots=True)
class Destination:
    """The names that one HubSpot account gives to our things, and the account itself."""

    pipeline: str
    deal_stage: str
    deal_amount: int
    deal_close_days: int
    lead_source: str
    area_properties: Mapping[str, str] = field(default_factory=dict)  # section key -> property name
    consent_properties: Mapping[str, str] = field(default_factory=dict)  # purpose -> property name
    campaign_properties: Mapping[str, str] = field(default_factory=dict)  # utm_source, ... -> property name
    names: Mapping[str, str] = field(default_factory=dict)  # our name -> the account's; '' leaves it out
    portal_id: str = ""
    time_zone: str = "UTC"

    def name(self, ours: str) -> str:
        """What the account calls a property of ours; '' when it is left out."""
        return self.names.get(ours, ours)

    @property
    def deal_key(self) -> str:
        return self.name("ai_assessment_key")

    @property
    def details_property(self) -> str:
        return self.name("ai_details_given")


def contact_properties(lead: LeadValues, to: Destination) -> dict[str, str]:
    """All contact properties of a new contact. What is not known is left out: HubSpot may know more."""
    if lead.objects:
        return {"email": lead.email} | consent_properties(lead, to)
    return (
        {"email": lead.email}
        | person_properties(lead)
        | own_properties(lead, to)
        | source_properties(lead, to)
        | consent_properties(lead, to)
    )


def person_properties(lead: LeadValues) -> dict[str, str]:
    """What the visitor told about themselves. In HubSpot these properties belong to everybody."""
    return without_unknown(
        {
            "firstname": lead.first_name,
            "lastname": lead.last_name,
            "company": lead.company,
            "phone": lead.phone,
        }
    )


def consent_properties(lead: LeadValues, to: Destination) -> dict[str, str]:
    """`true` or `false` for each purpose that has a property and that the person said something about."""
    said = {name: lead.consents.get(purpose) for purpose, name in to.consent_properties.items()}
    return {name: str(given).lower() for name, given in said.items() if given is not None}


def source_properties(lead: LeadValues, to: Destination) -> dict[str, str]:
    """Where the lead came from: our name as its source, and the campaign where the account has a property."""
    campaign = {name: lead.campaign.get(key) for key, name in to.campaign_properties.items()}
    return without_unknown({to.name("lead_source"): to.lead_source, **campaign})


def own_properties(lead: LeadValues, to: Destination) -> dict[str, str]:
    """The contact properties that nobody else writes: what reconciliation compares."""
    scores = {
        to.area_properties[key]: score for key, score in lead.areas.items() if key in to.area_properties
    }
    day = lead.completed_at and lead.completed_at.astimezone(ZoneInfo(to.time_zone)).date()
    return without_unknown(
        {
            to.name("ai_assessment_score"): lead.total_score,
            to.name("ai_assessment_category"): lead.category,
            to.name("ai_assessment_date"): day,
            to.name("ai_completion_time"): lead.completion_seconds,
            to.name("ai_lead_quality"): lead.quality,
            **scores,
        }
    )


def without_unknown(properties: Mapping[str, object]) -> dict[str, str]:
    """As strings; without what is not known and what the account leaves out."""
    return {name: str(value) for name, value in properties.items() if name and value is not None}


def details_given(given: Mapping[str, str], held: Mapping[str, str]) -> str:
    """`First name: Ada; Phone: +44 1`: what a visitor gave that differs from what the contact holds."""
    differing = [
        f"{PERSON_LABELS[name]}: {value}"
        for name, value in given.items()
        if held.get(name) and held[name] != value
    ]
    return "; ".join(differing)


def deal_name(lead: LeadValues) -> str:
    """`Executive briefing: Acme, score 42`: the company if we know it, never the person."""
    return f"Executive briefing: {lead.company or 'company unknown'}, score {lead.total_score}"


def new_deal_properties(lead: LeadValues, to: Destination) -> dict[str, str]:
    """A deal that HubSpot has not told us about yet. Sending it twice gives the same deal."""
    closes = lead.completed_at and lead.completed_at + timedelta(days=to.deal_close_days)
    return without_unknown(
        {
            to.deal_key: lead.key,
            "dealname": deal_name(lead),
            "pipeline": to.pipeline,
            "dealstage": to.deal_stage,
            "amount": to.deal_amount,
            "closedate": closes and closes.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        }
    )


def known_deal_properties(lead: LeadValues, to: Destination) -> dict[str, str]:
    """A deal that exists: its stage, amount and date belong to the sales person by now."""
    return {to.deal_key: lead.key, "dealname": deal_name(lead)}
