"""Browsers and addresses for tests of strangers, and what a story of them begins with."""

import json
from collections.abc import Callable
from typing import Any

from django.test import Client
from django.urls import reverse

from assessments.tests.browsing import assessment_of
from scorecard.definition import Definition

VERA, NEW, MAL = "vera@victim.example", "vera@private.example", "mal@evil.example"
KNOWN = {
    "email": VERA,
    "firstname": "V.",
    "lastname": "Known",
    "company": "Customer AG",
    "phone": "+49 30 1000001",
}
VERAS = {"first_name": "Vera", "last_name": "Secretname", "company": "Secret AG", "phone": "+49 30 5550002"}
MALS = {"first_name": "Stranger", "last_name": "Stranger", "company": "Stranger", "phone": "+49 30 6660006"}
SECRETS = ("Secretname", "Secret AG", "5550002", NEW)
MARKS = ("Stranger", "6660006", MAL)
VERAS_OPTION, MALS_OPTION = "D", "E"  # 20 and 0 points


class Browser:
    """A visitor's browser; `watch` sees every answer. One that nobody watches may be `hasty`: it follows no
    redirect, which saves drawing a page.
    """

    def __init__(self, watch: Callable[[str], None] = lambda text: None, *, hasty: bool = False) -> None:
        self.client = Client()
        self.watch = watch
        self.follow = not hasty

    def get(self, path: str) -> Any:
        return self._seen(self.client.get(path, follow=self.follow))

    def post(self, path: str, data: dict[str, str]) -> Any:
        return self._seen(self.client.post(path, data, follow=self.follow))

    def asks_to_continue(self, email: str) -> Any:
        """On the page that mails a link to continue the current assessment elsewhere."""
        data = {"email": email, "assessment": assessment_of(self.client)}
        return self.post(reverse("mailings:resume_by_mail"), data)

    def api(self, move: str, **body: Any) -> Any:
        path = f"/api/assessment/{move}"
        return self._seen(self.client.post(path, json.dumps(body), content_type="application/json"))

    def _seen(self, response: Any) -> Any:
        assert response.status_code < 500
        self.watch(response.content.decode(errors="replace"))
        return response

    def finish(
        self,
        definition: Definition,
        contact: dict[str, str],
        consents: dict[str, bool],
        option: str = VERAS_OPTION,
    ) -> str:
        """Finish an assessment; returns its id."""
        self.api("start")
        answers = dict.fromkeys(definition.questions, option)
        agreed = {"consents": consents} if contact.get("email") else {}
        return str(self.api("submit", responses=answers, contact=contact, **agreed).json()["assessmentId"])


def for_api(details: dict[str, str]) -> dict[str, str]:
    names = {"first_name": "firstName", "last_name": "lastName"}
    return {names.get(name, name): value for name, value in details.items()}
