"""Map the values of a lead to HubSpot properties. Pure; every value is sent as a string."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

DEAL_NAME = "Executive briefing: {company}"
PART = re.compile(r"\{(\w+)\}")
PERSON_LABELS = {
    "firstname": "First name",
    "lastname": "Last name",
    "company": "Company",
    "phone": "Phone",
}


@dataclass(frozen=True, slots=True)
class ResultProperties:
    """The contact properties that take the result of one questionnaire; '' sends nothing."""

    score: str = ""
    category: str = ""
    date: str = ""
    seconds: str = ""
    quality: str = ""
    areas: Mapping[str, str] = field(default_factory=dict)  # area key -> property
    answers: Mapping[str, str] = field(default_factory=dict)  # question key -> property
    of_account: frozenset[str] = frozenset()  # those of the answers' properties that are not ours alone

    @property
    def names(self) -> tuple[str, ...]:
        parts = (self.score, self.category, self.date, self.seconds, self.quality)
        return tuple(name for name in (*parts, *self.areas.values(), *self.answers.values()) if name)


@dataclass(frozen=True, slots=True)
class NamedProperty:
    """A contact property that a questionnaire names, to be created; `values`: all that we send, or ()."""

    name: str
    type: str = "string"
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LeadValues:
    """The values of one assessment that may be sent to HubSpot. `areas` are 0-100 by section key.

    Unknown values are None; an unfinished assessment has an address but no result, and `areas` is empty.
    `contact_id`, `deal_id` and `address_hash` come from HubSpot's last answer, None before the first.
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
    portal_id: str | None = None  # the account to which these ids belong
    address_hash: str | None = None
    consents: Mapping[str, bool] = field(default_factory=dict)  # purpose -> given, where asked
    owner_consents: Mapping[str, bool] = field(default_factory=dict)  # those given with the proven address
    sales: Mapping[str, str] = field(default_factory=dict)  # owner, outcome -> as sales recorded it
    objects: bool = False  # objects to being contacted: only the consents may be sent
    details_are_proven: bool = False  # name, company and phone are given by the holder of the address
    answers_are_proven: bool = False  # and so are the answers
    owns_contact: bool = False  # created by this assessment, and used by no other
    questionnaire: str = ""  # its key
    result_to: ResultProperties | None = None  # None: the properties of the installation
    answers: Mapping[str, str] = field(
        default_factory=dict
    )  # question key -> answer, where it has a property
    source: str = ""  # for lead_source; '': the installation's
    deal_name: str = ""  # a pattern: see HubSpotProperties; '': the usual one
    names: Mapping[str, str] = field(default_factory=dict)  # what {category} and {questionnaire} say


@dataclass(frozen=True, slots=True)
class Destination:
    """The property names of one HubSpot account, and the account itself."""

    pipeline: str
    deal_stage: str
    deal_amount: int
    deal_close_days: int
    lead_source: str
    area_properties: Mapping[str, str] = field(default_factory=dict)  # section key -> property name
    consent_properties: Mapping[str, str] = field(default_factory=dict)  # purpose -> property name
    campaign_properties: Mapping[str, str] = field(default_factory=dict)  # utm_source, ... -> property name
    sales_properties: Mapping[str, str] = field(default_factory=dict)  # owner, outcome -> property name
    names: Mapping[str, str] = field(default_factory=dict)  # our name -> the account's; '' leaves it out
    named: tuple[NamedProperty, ...] = ()  # by the live questionnaires
    sources: frozenset[str] = frozenset()  # values of lead_source that live questionnaires name
    portal_id: str = ""
    time_zone: str = "UTC"

    def name(self, ours: str) -> str:
        """The account's name for one of our properties; '' when it is left out."""
        return self.names.get(ours, ours)

    @property
    def result_properties(self) -> ResultProperties:
        """Where the result of the installation's own questionnaire goes."""
        return ResultProperties(
            score=self.name("ai_assessment_score"),
            category=self.name("ai_assessment_category"),
            date=self.name("ai_assessment_date"),
            seconds=self.name("ai_completion_time"),
            quality=self.name("ai_lead_quality"),
            areas=self.area_properties,
        )

    @property
    def deal_key(self) -> str:
        return self.name("ai_assessment_key")

    @property
    def details_property(self) -> str:
        return self.name("ai_details_given")


def contact_properties(lead: LeadValues, to: Destination) -> dict[str, str]:
    """All properties of a new contact. Unknown values are left out, so they do not clear what HubSpot has."""
    if lead.objects:
        return {"email": lead.email} | consent_properties(lead, to)
    return (
        {"email": lead.email}
        | person_properties(lead)
        | own_properties(lead, to)
        | account_properties(lead, to)
        | source_properties(lead, to)
        | consent_properties(lead, to)
    )


def person_properties(lead: LeadValues) -> dict[str, str]:
    """What visitors say about themselves. In HubSpot anyone may edit these properties."""
    return without_unknown(
        {
            "firstname": lead.first_name,
            "lastname": lead.last_name,
            "company": lead.company,
            "phone": lead.phone,
        }
    )


def consent_properties(lead: LeadValues, to: Destination) -> dict[str, str]:
    """`true` or `false` for each purpose that has a property and a recorded choice."""
    return choice_properties({**lead.consents, **lead.owner_consents}, to)


def owner_consent_properties(lead: LeadValues, to: Destination) -> dict[str, str]:
    """Those of the holder of the address, whatever somebody typed."""
    return choice_properties(lead.owner_consents, to)


def choice_properties(choices: Mapping[str, bool], to: Destination) -> dict[str, str]:
    said = {name: choices.get(purpose) for purpose, name in to.consent_properties.items()}
    return {name: str(given).lower() for name, given in said.items() if given is not None}


def source_properties(lead: LeadValues, to: Destination) -> dict[str, str]:
    """The source of the lead, and its campaign if the account has a property for it."""
    campaign = {name: lead.campaign.get(key) for key, name in to.campaign_properties.items()}
    return without_unknown({to.name("lead_source"): lead.source or to.lead_source, **campaign})


def own_properties(lead: LeadValues, to: Destination) -> dict[str, str]:
    """The contact properties that only we write: what reconciliation compares."""
    into = lead.result_to or to.result_properties
    answers = answer_properties(lead, into)
    day = lead.completed_at and lead.completed_at.astimezone(ZoneInfo(to.time_zone)).date()
    return without_unknown(
        {
            **{name: answer for name, answer in answers.items() if name not in into.of_account},
            **{into.areas[key]: score for key, score in lead.areas.items() if key in into.areas},
            into.score: lead.total_score,
            into.category: lead.category,
            into.date: day,
            into.seconds: lead.completion_seconds,
            into.quality: lead.quality,
            **{name: lead.sales.get(key) for key, name in to.sales_properties.items()},
        }
    )


def account_properties(lead: LeadValues, to: Destination) -> dict[str, str]:
    """Answers whose properties the company may have had before: visitors say them, as they do their name."""
    into = lead.result_to or to.result_properties
    answers = answer_properties(lead, into)
    return without_unknown({name: answer for name, answer in answers.items() if name in into.of_account})


def answer_properties(lead: LeadValues, into: ResultProperties) -> dict[str, str]:
    return {into.answers[key]: answer for key, answer in lead.answers.items() if key in into.answers}


def without_unknown(properties: Mapping[str, object]) -> dict[str, str]:
    """Values as strings, without unknown ones and properties that the account leaves out."""
    return {name: str(value) for name, value in properties.items() if name and value is not None}


def details_given(given: Mapping[str, str], held: Mapping[str, str]) -> str:
    """`First name: Ada; jobtitle: CTO`: details from the visitor that differ from the contact's."""
    differing = [
        f"{PERSON_LABELS.get(name, name)}: {value}"
        for name, value in given.items()
        if held.get(name) and held[name] != value
    ]
    return "; ".join(differing)


def deal_name(lead: LeadValues) -> str:
    """`Executive briefing: Acme, score 42`: names the company if known, never the person."""
    pattern = lead.deal_name or (DEAL_NAME if lead.total_score is None else f"{DEAL_NAME}, score {{score}}")
    values = {"company": lead.company or "company unknown", "score": lead.total_score, **lead.names}
    return PART.sub(lambda part: text_of(values.get(part[1])), pattern)


def text_of(value: object) -> str:
    return "" if value is None else str(value)


def new_deal_properties(lead: LeadValues, to: Destination) -> dict[str, str]:
    """The properties of a deal whose id is unknown. Idempotent: sending it twice gives the same deal."""
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
    """The properties of an existing deal: stage, amount and date are left to sales."""
    return {to.deal_key: lead.key, "dealname": deal_name(lead)}
