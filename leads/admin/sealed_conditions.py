"""Conditions on contact details, which are encrypted in the database: company and country.

They are read from the search pages. Each result says from when on leads were searched, if not all were (see
search.py).
"""

from collections.abc import Collection, Iterator
from typing import Any
from uuid import UUID

from assessments.models import Assessment
from leads.folding import fold_text
from leads.search import Found, leads_where

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
    return leads_where(
        lambda line: any(text in line.company for text in folded), folded, most=MOST_OF_A_FILTER
    )


def of_same_company(company: str, *, but: UUID) -> list[UUID]:
    """Return the other leads of this company among the newest NEIGHBOURS."""
    wanted = fold_text(company)
    found = newest("company", most=NEIGHBOURS)
    return [key for key, name in found if name and key != but and fold_text(name) == wanted]


def of_country(wanted: Wanted) -> Found:
    """Find the leads whose phone number is of one of these countries, named by two letters."""
    codes = {code.strip().upper() for text in wanted for code in text.replace(";", ",").split(",")} - {""}
    fields = [f"\t{code}\t" for code in codes]
    return leads_where(lambda line: line.country in codes, fields, most=MOST_OF_A_FILTER)
