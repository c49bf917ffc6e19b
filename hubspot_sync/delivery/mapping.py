"""Which value of a lead becomes which property in HubSpot. Pure; every value travels as a string."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class LeadValues:
    """What HubSpot may know of one run. `areas` are 0-100 by section key.

    A run that is still open has an address and no result: what is not known yet is None, `areas` empty.
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
    contact_id: str | None = None
    deal_id: str | None = None
    address_hash: str | None = None
    consents: Mapping[str, bool] = field(default_factory=dict)  # purpose -> given; never asked is not in it
    objects: bool = False  # to being contacted: only the consents may be told


@dataclass(frozen=True, slots=True)
class Destination:
    """The names that one HubSpot account gives to our things."""

    pipeline: str
    deal_stage: str
    deal_amount: int
    deal_close_days: int
    lead_source: str
    area_properties: Mapping[str, str] = field(default_factory=dict)  # section key -> property name
    consent_properties: Mapping[str, str] = field(default_factory=dict)  # purpose -> property name
    deal_key: str = "ai_assessment_key"


def contact_properties(lead: LeadValues, to: Destination) -> dict[str, str]:
    """All contact properties that we write. What is not known is left out: HubSpot may know more."""
    if lead.objects:
        return {"email": lead.email} | consent_properties(lead, to)
    person = {
        "email": lead.email,
        "firstname": lead.first_name,
        "lastname": lead.last_name,
        "company": lead.company,
        "phone": lead.phone,
    }
    return without_unknown(person) | own_properties(lead, to) | consent_properties(lead, to)


def consent_properties(lead: LeadValues, to: Destination) -> dict[str, str]:
    """`true` or `false` for each purpose that has a property and that the person said something about."""
    said = {name: lead.consents.get(purpose) for purpose, name in to.consent_properties.items()}
    return {name: str(given).lower() for name, given in said.items() if given is not None}


def own_properties(lead: LeadValues, to: Destination) -> dict[str, str]:
    """The contact properties that nobody else writes: what reconciliation compares."""
    scores = {
        to.area_properties[key]: score for key, score in lead.areas.items() if key in to.area_properties
    }
    return without_unknown(
        {
            "ai_assessment_score": lead.total_score,
            "ai_assessment_category": lead.category,
            "ai_assessment_date": lead.completed_at and lead.completed_at.date().isoformat(),
            "ai_completion_time": lead.completion_seconds,
            "ai_lead_quality": lead.quality,
            "lead_source": to.lead_source,
            **scores,
        }
    )


def without_unknown(properties: Mapping[str, object]) -> dict[str, str]:
    return {name: str(value) for name, value in properties.items() if value is not None}


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
