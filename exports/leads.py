"""The leads of the current view as rows: one column a question and language-free keys beside the words.

The order of the columns is stable: fixed ones, areas and questions of each questionnaire by its key, in the
order of its newest version, then what only older versions ask.
"""

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from constance import config
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assessments.lifecycle.consents import choices_by_assessment
from assessments.results.transcript import answer_in_words
from assessments.retention import retention_period
from exports.batches import batches
from exports.cells import LEFT_BLANK, NOT_ASKED, NOT_SHOWN, Cell, plain
from exports.models import LIFETIME, Export
from exports.sheets import Sheet
from leads.admin.current_view import leads_of_view
from leads.briefing.consent_words import consent_in_words
from leads.briefing.reasons import reasons
from leads.clock import business_hours
from leads.models import Lead
from leads.phone_numbers import phone_number
from scorecard import versions
from scorecard.definition import Definition, Question
from scorecard.question_types import TYPES
from scorecard.visibility import visible
from web.languages import current_language


@dataclass(frozen=True, slots=True)
class Row:
    """What a column may ask of a lead. `contact` is empty where it is not to be exported."""

    lead: Any
    definition: Definition
    contact: Mapping[str, str | None]
    choices: Mapping[str, bool]
    answers: Mapping[str, Any]
    shown: frozenset[str]


@dataclass(frozen=True, slots=True)
class Column:
    """`name` is the same in every language; `about`: its line in the codebook."""

    name: str
    about: str | Promise
    value: Callable[[Row], object]
    is_contact: bool = False


def work(row: Row) -> Any:
    return getattr(row.lead, "work", None)


def contact(name: str, about: Promise) -> Column:
    return Column(name, about, lambda row: row.contact.get(name), is_contact=True)


def of_lead(name: str, about: Promise, attribute: str = "") -> Column:
    return Column(name, about, lambda row: getattr(row.lead, attribute or name))


def utm(name: str) -> Column:
    return Column(name, _("That parameter of the link they came by"), lambda row: row.lead.utm.get(name))


FIXED = (
    of_lead("id", _("Number of the lead, as in its address in the admin")),
    Column("questionnaire", _("Key of the questionnaire"), lambda row: row.definition.key),
    Column(
        "version", _("Version of the questionnaire"), lambda row: versions.get(row.lead.version_id).number
    ),
    of_lead("started", _("When it was started"), "created_at"),
    of_lead("finished", _("When it was finished; empty: it was left unfinished"), "completed_at"),
    of_lead("seconds", _("Seconds from start to finish"), "completion_time_seconds"),
    contact("email", _("E-mail address; empty once it was scrubbed")),
    contact("first_name", _("First name")),
    contact("last_name", _("Last name")),
    contact("company", _("Company")),
    contact("phone", _("Phone number as it was entered")),
    Column(
        "phone_country",
        _("Country of the phone number, two letters"),
        lambda row: phone_number(row.contact.get("phone") or "", row.lead.language).country,
        is_contact=True,
    ),
    Column(
        "consent",
        _("Whether they may be called"),
        lambda row: (
            consent_in_words(row.choices, needed=config.HUBSPOT_NEEDS_CONSENT).text if row.contact else None
        ),
        is_contact=True,
    ),
    of_lead("language", _("Language of the page they read")),
    of_lead("source", _("Site they came from"), "referrer_source"),
    *(utm(name) for name in ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content")),
    Column("device", _("desktop, mobile or tablet"), lambda row: row.lead.browser_info.get("device")),
    Column(
        "variants",
        _("Variants of A/B tests: test=variant"),
        lambda row: [f"{test}={variant}" for test, variant in sorted(row.lead.variants.items())],
    ),
    of_lead("score", _("Total score, 0-100"), "total_score"),
    of_lead("category", _("Category of the score, its key"), "score_category"),
    of_lead("quality", _("basic, enhanced or executive_briefing_qualified"), "lead_quality"),
    Column(
        "why",
        _("What qualified the lead"),
        lambda row: (
            reasons(
                row.lead.lead_quality, row.lead.contact, row.lead.total_score, row.definition.qualification
            )
            if row.contact
            else None
        ),
        is_contact=True,
    ),
    of_lead("doubts", _("Marks of robots, throw-away addresses and tests")),
    of_lead("hubspot", _("State of the delivery to HubSpot"), "hubspot_sync_status"),
    Column(
        "owner",
        _("Who of sales works on it"),
        lambda row: w.owner.get_full_name() if (w := work(row)) and w.owner else None,
    ),
    Column("outcome", _("Outcome of the last contact"), lambda row: w.outcome if (w := work(row)) else None),
    Column(
        "first_contact",
        _("When the first outcome was recorded"),
        lambda row: w.first_contact_at if (w := work(row)) else None,
    ),
    Column(
        "follow_up_on",
        _("When the next contact is due"),
        lambda row: w.follow_up_on if (w := work(row)) else None,
    ),
    of_lead("scrubbed", _("When the personal data was scrubbed"), "email_scrubbed_at"),
)


class LeadExport:
    """The leads of an export, and the columns that their questionnaires need."""

    def __init__(self, export: Export) -> None:
        self.export, self.contacts = export, export.contacts
        self.zone = business_hours().zone
        self.leads = leads_of_view(export.owner, export.query or "")
        # Details that the scrub would take before the file expires are left out of it.
        self.since = timezone.now() + LIFETIME - retention_period()
        used = self.leads.order_by().values_list("version_id", flat=True).distinct()
        found = [versions.get(key) for key in used]
        found.sort(key=lambda version: (version.definition.key, -version.number))
        self.language = current_language()
        self.definitions = [version.in_language(self.language) for version in found]
        self.columns = [column for column in self.all_columns() if self.contacts or not column.is_contact]

    def all_columns(self) -> Iterator[Column]:
        yield from FIXED
        several = len({definition.key for definition in self.definitions}) > 1
        seen: set[str] = set()
        for definition in self.definitions:
            prefix = f"{definition.key}." if several else ""
            for area in definition.areas:
                name = f"{prefix}score.{area.key}"
                if area.weight and name not in seen:
                    seen.add(name)
                    yield area_score(name, definition.key, area.key, area.name)
            for question in definition.questions.values():
                if prefix + question.key not in seen:
                    seen.add(prefix + question.key)
                    yield from columns_of(prefix, definition.key, question)

    def sheet(self) -> Sheet:
        return Sheet(gettext("Leads"), [column.name for column in self.columns], self.rows())

    def rows(self) -> Iterator[Sequence[Cell]]:
        for keys in batches(self.export):
            yield from self.rows_of(keys)
            # A lead and its work refer to each other, and the garbage collector comes seldom
            # (config/__init__.py): what was read would grow to half a gigabyte.
            gc.collect(1)

    def rows_of(self, keys: Sequence[UUID]) -> Iterator[Sequence[Cell]]:
        found = Lead.objects.select_related("session", "work__owner").in_bulk(keys)
        for row in self.read([found[key] for key in keys if key in found]):
            yield [plain(column.value(row), self.zone) for column in self.columns]

    def read(self, leads: Sequence[Any]) -> Iterator[Row]:
        """Yield a batch with its consents. One query."""
        details = {lead.pk: self.details(lead) for lead in leads}
        addresses = {key: each["email"] for key, each in details.items() if each.get("email")}
        choices = choices_by_assessment(addresses) if addresses else {}  # type: ignore[arg-type]  # checked above
        for lead in leads:
            definition = versions.get(lead.version_id).in_language(self.language)
            answers = lead.responses or (session_of(lead).responses if session_of(lead) else {})
            shown = frozenset(visible(definition, answers).shown)
            yield Row(lead, definition, details[lead.pk], choices.get(lead.pk, {}), answers, shown)

    def details(self, lead: Any) -> Mapping[str, str | None]:
        """Return contact details by name; {} where they are not to be exported."""
        if not self.contacts or lead.email_scrubbed_at or lead.created_at < self.since:
            return {}
        holder = lead if lead.completed_at else session_of(lead)
        if holder is None:
            return {}
        return {
            name: getattr(holder, name) for name in ("email", "first_name", "last_name", "company", "phone")
        }

    def codebook(self) -> Sheet:
        header = (gettext("column"), gettext("meaning"), gettext("values"))
        return Sheet(gettext("Codebook"), header, list(self.codebook_rows()))

    def codebook_rows(self) -> Iterator[Sequence[Cell]]:
        for column in self.columns:
            yield column.name, str(column.about), None
        for definition in newest(self.definitions):
            for question in definition.questions.values():
                for option in question.options:
                    yield f"{definition.key}: {question.key}", question.text, f"{option.id} = {option.label}"
        yield NOT_SHOWN, gettext("A rule of the questionnaire hid the question"), None
        yield NOT_ASKED, gettext("The version that they answered does not have the question"), None
        yield gettext("(empty)"), gettext("The question was shown and left blank, or there is no value"), None
        moments = gettext("ISO 8601 with the offset of %(zone)s") % {"zone": self.zone.key}
        yield gettext("moments"), moments, None


def newest(definitions: Sequence[Definition]) -> list[Definition]:
    """Return the first definition of each questionnaire, which is its newest."""
    return list({definition.key: definition for definition in reversed(definitions)}.values())


def session_of(lead: Any) -> Any:
    return getattr(lead, "session", None)


def area_score(name: str, questionnaire: str, area: str, title: str) -> Column:
    def value(row: Row) -> object:
        if row.definition.key != questionnaire:
            return NOT_ASKED
        return (row.lead.score_breakdown or {}).get(area)

    return Column(name, gettext("Score of “%(area)s”, 0-100") % {"area": title}, value)


def columns_of(prefix: str, questionnaire: str, question: Question) -> Iterator[Column]:
    """Yield a column of keys and, for a choice, one of words."""

    def asked(row: Row) -> Question | None:
        return row.definition.questions.get(question.key) if row.definition.key == questionnaire else None

    def state(row: Row) -> str | None:
        if asked(row) is None:
            return NOT_ASKED
        if question.key not in row.shown:
            return NOT_SHOWN
        return None if question.key in row.answers else LEFT_BLANK

    def as_key(row: Row) -> object:
        missing = state(row)
        return key_of(row.answers[question.key]) if missing is None else missing

    def in_words(row: Row) -> object:
        found, missing = asked(row), state(row)
        return answer_in_words(found, row.answers[question.key]) if found and missing is None else missing

    yield Column(prefix + question.key, question.text, as_key, is_contact=question.is_personal)
    if question.type in TYPES and (question.options or question.columns):
        yield Column(f"{prefix}{question.key} (words)", question.text, in_words, question.is_personal)


def key_of(answer: Any) -> object:
    """Return an answer as it is stored; a matrix as `row=option`."""
    if isinstance(answer, Mapping):
        return [f"{row}={key_of(each)}" for row, each in answer.items()]
    return answer
