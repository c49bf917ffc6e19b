from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

import hubspot_simulator

TOKEN = "pat-na1-test"
CONTACTS = "/crm/v3/objects/contacts"
DEALS = "/crm/v3/objects/deals"


@dataclass
class Clock:
    now: datetime = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **span: float) -> None:
        self.now += timedelta(**span)


@dataclass
class Caller:
    """Speaks to the simulator as the sync does: a session, a token, JSON."""

    running: hubspot_simulator.Running
    session: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self) -> None:
        self.session.headers["Authorization"] = f"Bearer {TOKEN}"

    def call(self, method: str, path: str, **options: Any) -> requests.Response:
        return self.session.request(method, self.running.url + path, timeout=5, **options)

    def get(self, path: str, **options: Any) -> requests.Response:
        return self.call("GET", path, **options)

    def post(self, path: str, body: object = None) -> requests.Response:
        return self.call("POST", path, json=body)

    def patch(self, path: str, body: object) -> requests.Response:
        return self.call("PATCH", path, json=body)

    def contact(self, email: str, **properties: str) -> str:
        answer = self.post(CONTACTS, {"properties": {"email": email, **properties}})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def deal(self, **properties: str) -> str:
        answer = self.post(DEALS, {"properties": {"dealname": "A deal", **properties}})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def upsert(self, *inputs: dict[str, Any], kind: str = "contacts") -> requests.Response:
        return self.post(f"/crm/v3/objects/{kind}/batch/upsert", {"inputs": list(inputs)})

    def property(self, kind: str, name: str, /, **more: Any) -> requests.Response:
        body = {
            "name": name,
            "label": name,
            "groupName": f"{kind[:-1]}information",
            "type": "string",
            "fieldType": "text",
        }
        return self.post(f"/crm/v3/properties/{kind}", body | more)


def row(email: str, trace: str | None = None, /, **properties: str) -> dict[str, Any]:
    """One input of a contact upsert."""
    item: dict[str, Any] = {"id": email, "idProperty": "email", "properties": properties}
    return item | ({"objectWriteTraceId": trace} if trace else {})


def switch(hubspot: Caller, **changes: Any) -> None:
    hubspot.running.portal.switches = replace(hubspot.running.portal.switches, **changes)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def hubspot(clock: Clock) -> Iterator[Caller]:
    with hubspot_simulator.serve(token=TOKEN, clock=clock, seed=7) as running:
        caller = Caller(running)
        yield caller
        caller.session.close()
