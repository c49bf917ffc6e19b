"""The lists of the back office in German: what surrounds the rows, and their booleans, by role."""

import pytest
from django.test import Client

from accounts.tests.people import logged_in, member
from operations.tests.test_backoffice import ROLES_AND_PAGES, pages
from operations.tests.test_german import DATA, SAME, WORD, Texts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]

FRAME = {"button", "h1", "h2", "h3", "label", "legend", "summary", "thead"}
BOOLEANS = {"Yes", "No", "True", "False"}
NAMES = SAME | {
    "Assessments",
    "Chat",
    "Crontab",
    "Crontabs",
    "Name",
    "Status",
    "Webhook",
    "headline",
    "start",
}
SEEN = set().union(*ROLES_AND_PAGES.values())


class Frame(Texts):
    """Collects headings, filters, buttons and attributes of a page, and the booleans in its cells."""

    def __init__(self, page: str) -> None:
        self.inside = 0
        super().__init__(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside += tag in FRAME
        super().handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        self.inside -= tag in FRAME
        super().handle_endtag(tag)

    def handle_data(self, data: str) -> None:
        if self.inside or data.strip() in BOOLEANS:
            super().handle_data(data)


def frame(client: Client, path: str, language: str) -> set[str]:
    response = client.get(path, headers={"accept-language": language})
    assert (response.status_code, response["Content-Language"]) == (200, language)
    return {text for text in Frame(response.content.decode()).found if WORD.search(text) or text in BOOLEANS}


def lists_of(role: str) -> list[str]:
    """Those that the role opens; of an administrator what no other role does."""
    found = {name: path for name, path in pages() if name.endswith("_changelist")}
    if role in ROLES_AND_PAGES:
        return [path for name, path in found.items() if name in ROLES_AND_PAGES[role]]
    return [path for name, path in found.items() if name not in SEEN]


@pytest.mark.parametrize("role", [*ROLES_AND_PAGES, "Administrator"])
def test_no_heading_filter_button_or_boolean_of_a_list_stays_english(role: str) -> None:
    client, lists = logged_in(member(role)), lists_of(role)
    assert lists
    both = {path: frame(client, path, "en") & frame(client, path, "de") for path in lists}
    english = {path: [text for text in found - NAMES if not DATA.match(text)] for path, found in both.items()}
    assert {path: texts for path, texts in english.items() if texts} == {}
