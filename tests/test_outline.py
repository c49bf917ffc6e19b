"""What a screen reader hears of a page first: language, title, landmarks, headings, and how to skip."""

import re
from html.parser import HTMLParser

import pytest
from constance import config
from django.test import Client

from assessments.tests.browsing import finish, start
from scorecard.definition import Definition

pytestmark = pytest.mark.django_db


class Outline(HTMLParser):
    """The parts of a page that structure it, in their order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.ranks: list[int] = []
        self.landmarks: list[str] = []
        self.links: list[str] = []
        self.language = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if re.fullmatch("h[1-6]", tag):
            self.ranks.append(int(tag[1]))
        elif tag in ("header", "main", "footer"):
            self.landmarks.append(tag)
        elif tag == "a":
            self.links.append(given.get("href") or "")
        elif tag == "html":
            self.language = given.get("lang") or ""


def hold(page: str) -> None:
    found = Outline(page)
    assert found.language == "en"
    assert found.landmarks == ["header", "main", "footer"]
    assert found.links[0] == "#main"
    assert found.ranks.count(1) == 1
    assert found.ranks[0] in (1, 2), "an error summary may stand before the title"
    assert all(after - before <= 1 for before, after in zip(found.ranks, found.ranks[1:], strict=False))
    assert re.search(r"<title>\s*\S.* · ", page)


def test_every_page_has_an_outline(client: Client, definition: Definition) -> None:
    for path in ("/", "/resume/", "/no/such/page/", "/privacy/", "/privacy/notice/"):
        hold(client.get(path).content.decode())
    start(client)
    for path in ("/", "/step/1/", "/resume/"):
        hold(client.get(path).content.decode())
    hold(client.get("/step/1/?check=1").content.decode())
    config.MAINTENANCE = True
    hold(client.get("/").content.decode())


def test_the_result_has_an_outline(client: Client, definition: Definition) -> None:
    assessment = finish(client, definition, "C", email="ada@engines.example")
    hold(client.get(f"/results/{assessment.pk}/").content.decode())


def test_each_page_has_a_title_of_its_own(client: Client, definition: Definition) -> None:
    start(client)
    pages = ("/", "/resume/", "/step/1/", "/privacy/", "/privacy/notice/", "/no/such/page/")
    titles = [
        re.findall("<title>(.*?)</title>", client.get(path).content.decode(), re.DOTALL) for path in pages
    ]
    assert len({title[0] for title in titles}) == len(pages)
