"""Search leads by what is encrypted in the database: names, companies, phone numbers; and by their source.

Only leads within their retention still have contact details. They are read from search pages
(search_pages.py), and one by one, up to `MOST`, as long as their page is not built. An exact e-mail address
is looked up in SQL, at any age.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from assessments.models.assessment import Assessment
from encryption.email_addresses import bare_address
from leads.folding import LEAST_DIGITS, folded_words, holds_folded, is_phone, same_digits, significant_digits
from leads.search_pages import Line, leads_without_page, line_of, read_line, stored_pages

MOST = 20_000  # newest leads without a page that are decrypted; takes about a second
MOST_FOUND = 10_000  # as many as the list pages through
Matches = Callable[[Line], bool]


@dataclass(slots=True)
class Found:
    """The leads found, by key in hex. `since`: only leads from then on were searched; None when all were."""

    hexes: list[str] = field(default_factory=list)
    since: datetime | None = None

    @property
    def keys(self) -> list[UUID]:
        return [UUID(each) for each in self.hexes]


def search_leads(words: str) -> Found:
    """Return leads with this exact address, or with every word in their details, source or category."""
    words = words.replace("\x00", "")  # which no column holds
    exact = Assessment.objects.leads().of_address(bare_address(words)).values_list("pk", flat=True)
    wanted, longest = matching(words)
    found = leads_where(wanted, [longest])
    found.hexes = list(dict.fromkeys([*found.hexes, *(key.hex for key in exact)]))
    return found


def matching(words: str) -> tuple[Matches, str]:
    """Return the condition of a line, and a text that a page must hold to have such a line."""
    if is_phone(words):
        theirs = significant_digits(words)
        return lambda line: same_digits(line.digits, theirs), theirs[-LEAST_DIGITS:]
    folded = folded_words(words)
    longest = max((part for _, parts in folded for part in parts), key=len, default="")
    return lambda line: holds_folded(line.text, folded), longest


def leads_where(matches: Matches, parts: Collection[str], *, most: int = MOST_FOUND) -> Found:
    """Return the newest `most` leads with contact details that match; a line with none of `parts` does not.

    To read a line costs several times as much as to look for a part of it.
    """
    found, hours = Found(), []
    on_pages: list[str] = []
    for hour, content in stored_pages():
        hours.append(hour)
        if len(on_pages) < most:
            lines = map(read_line, lines_with(content, parts))
            on_pages.extend(line.key for line in lines if matches(line))
    rows = leads_without_page(hours, MOST + 1)
    for number, (*details, completed_at, _started) in enumerate(rows):
        if number == MOST:
            break
        found.since = completed_at
        if matches(line_of(*details)):
            found.hexes.append(details[0].hex)
    if len(rows) <= MOST:
        found.since = None
    found.hexes.extend(on_pages[:most])
    return found


def lines_with(page: str, parts: Collection[str]) -> list[str]:
    """Return the lines that hold one of `parts`, in their order; no other line is looked at."""
    if "" in parts:
        return page.splitlines()
    limits = set()
    for part in parts:
        place = page.find(part)
        while place >= 0:
            end = page.find("\n", place)
            end = len(page) if end < 0 else end
            limits.add((page.rfind("\n", 0, place) + 1, end))
            place = page.find(part, end)
    return [page[start:end] for start, end in sorted(limits)]
