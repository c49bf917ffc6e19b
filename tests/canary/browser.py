"""A canary's browser: it tells of its owner wherever a browser can, and keeps the tokens it is given."""

from collections.abc import Mapping
from typing import Any

import requests

from tests.canary.person import Person
from tests.product import Product

PATIENCE = 60


class Browser:
    def __init__(self, form: str, person: Person) -> None:
        self.form, self.api, self.person = form, f"{form}api/assessment/", person
        self.session = requests.Session()
        self.session.headers.update(
            {
                "User-Agent": f"{person.word('agent')}/1.0",
                "X-Forwarded-For": person.address,
                "Referer": f"{form}{person.word('path')}?mail={person.email()}",
            }
        )
        self.sections: list[dict[str, Any]] = []

    def start(self, questionnaire: str = "") -> None:
        utm = {"utmSource": self.person.email("utm"), "utmTerm": self.person.phone}
        opened = self.post("start", utm | {"questionnaire": questionnaire}).json()
        self.session.headers["X-CSRFToken"] = opened["csrfToken"]
        self.sections = opened["questionnaire"]["sections"]
        self.person.secrets += self.tokens

    @property
    def tokens(self) -> list[str]:
        """What only this browser may hold."""
        return [value for value in self.session.cookies.values() if value and len(value) > 20]

    def answers(self, step: int, option: str = "D") -> dict[str, str]:
        return {asked["key"]: option for asked in self.sections[step - 1]["questions"]}

    def save(self, step: int, **contact: str) -> None:
        body = {"step": step, "responses": self.answers(step), "contact": contact or None}
        self.post("save-progress", body).raise_for_status()

    def submit(
        self, contact: dict[str, str] | None = None, consents: dict[str, bool] | None = None
    ) -> requests.Response:
        answers = {
            key: value
            for step in range(1, len(self.sections) + 1)
            for key, value in self.answers(step).items()
        }
        return self.post("submit", {"responses": answers, "contact": contact, "consents": consents})

    def submit_paper(self, consents: dict[str, bool] | None = None) -> requests.Response:
        """Upload a file that tells of its owner by name and content, and submit it with a word about it."""
        text = f"{self.person.word('content')} {self.person.phone}".encode()
        files = {"file": (f"{self.person.word('file')}.txt", text, "text/plain")}
        address = f"{self.api}uploads"
        stored = self.session.post(address, data={"question": "paper"}, files=files, timeout=PATIENCE)
        stored.raise_for_status()
        answers = {"word": self.person.word("typed"), "paper": [stored.json()["id"]]}
        body = {"responses": answers, "contact": self.person.contact, "consents": consents}
        return self.post("submit", body)

    def post(self, move: str, body: object) -> requests.Response:
        return self.session.post(f"{self.api}{move}", json=body, timeout=PATIENCE)

    def send(self, path: str, data: Mapping[str, str | list[str]]) -> requests.Response:
        """A form of a page."""
        return self.session.post(f"{self.form}{path}", data=data, timeout=PATIENCE)

    def get(self, path: str) -> requests.Response:
        return self.session.get(f"{self.form}{path}", timeout=PATIENCE)

    def read(self, path: str) -> str:
        """A page whose forms can be sent from here on."""
        page = self.get(path)
        page.raise_for_status()
        self.session.headers["X-CSRFToken"] = csrf(page.text)
        return page.text


def csrf(page: str) -> str:
    return hidden(page, "csrfmiddlewaretoken")


def hidden(page: str, name: str) -> str:
    """The value of a hidden field."""
    return page.partition(f'name="{name}" value="')[2].partition('"')[0]


def started(product: Product, person: Person, questionnaire: str = "") -> Browser:
    browser = Browser(product.urls["form"], person)
    browser.start(questionnaire)
    return browser
