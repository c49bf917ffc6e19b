"""Conditions on contact details, which are encrypted in the database: company, country, consent.

Company and country are read from the search pages; consent is decided on the newest leads. Each result says
from when on leads were searched, if not all were (see search.py).
"""

from collections.abc import Collection, Iterator
from typing import Any
from uuid import UUID

from constance import config
from django.utils.translation import gettext_lazy as _

from assessments.lifecycle.consents import choices_by_assessment
from assessments.models import Assessment
from leads.briefing.consent_words import FOLLOW_UP, consent_in_words
from leads.folding import fold_text
from leads.search import MOST, Found, leads_where

CONSENTS = {
    "agreed": _("Agreed to be contacted"),
    "objected": _("Objected"),
    "silent": _("Said nothing"),
    "callable": _("May be called"),
}
MOST_OF_A_FILTER = 1_000_000  # whatever is selected can be exported
NEIGHBOURS = 2_000  # newest leads among which colleagues are looked for: some hundredths of a second
Wanted = Collection[str]


def newest(*columns: str, most: int) -> Iterator[tuple[Any, ...]]:
    """Yield the columns of the newest leads that have contact details, decrypted."""
    rows = Assessment.objects.leads().filter(email_scrubbed_at__isnull=True).order_by("-completed_at")
    yield from rows.values_list("pk", *columns)[:most].iterator()


def of_company(wanted: Wanted) -> Found:
    """Find the leads in whose company's name one of these texts occurs."""
    folded = [fold_text(text) for text in wanted]
    return leads_where(lambda line: any(text in line.company for text in folded), most=MOST_OF_A_FILTER)


def of_same_company(company: str, *, but: UUID) -> list[UUID]:
    """Return the other leads of this company among the newest NEIGHBOURS."""
    wanted = fold_text(company)
    found = newest("company", most=NEIGHBOURS)
    return [key for key, name in found if name and key != but and fold_text(name) == wanted]


def of_country(wanted: Wanted) -> Found:
    """Find the leads whose phone number is of one of these countries, named by two letters."""
    codes = {code.strip().upper() for text in wanted for code in text.replace(";", ",").split(",")} - {""}
    return leads_where(lambda line: line.country in codes, most=MOST_OF_A_FILTER)


def of_consent(wanted: Wanted) -> Found:
    """Find the leads with one of these states of consent, a key of CONSENTS."""
    rows = list(newest("email", "completed_at", most=MOST + 1))
    choices = choices_by_assessment({key: address for key, address, _ in rows[:MOST]})
    needed = config.HUBSPOT_NEEDS_CONSENT
    matching = {said for said in (None, False, True) if states_of(said, needed=needed) & set(wanted)}
    keys = [key for key, said in choices.items() if said.get(FOLLOW_UP) in matching]
    return Found(keys, since=rows[MOST - 1][2] if len(rows) > MOST else None)


def states_of(said: bool | None, *, needed: bool) -> set[str]:
    """Return the keys of CONSENTS that apply to who said so about being contacted; None: nothing."""
    state = "silent" if said is None else "agreed" if said else "objected"
    choices = {} if said is None else {FOLLOW_UP: said}
    return {state} if consent_in_words(choices, needed=needed).forbids else {state, "callable"}
