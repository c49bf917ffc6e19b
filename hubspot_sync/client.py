"""The only place that speaks HTTP to HubSpot. Facts: docs/hubspot.md."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import requests
from requests.exceptions import InvalidHeader, InvalidSchema, InvalidURL, MissingSchema

from hubspot_sync.answers import BatchOutcome, error_of, json_object, linked_ends, read_outcome
from hubspot_sync.errors import Misconfigured, TryAgain

TIMEOUT = (5, 30)  # seconds to connect, to read; a batch that takes longer is tried again

BAD_SETTINGS = (InvalidHeader, InvalidSchema, InvalidURL, MissingSchema)


@dataclass(frozen=True, slots=True)
class BatchInput:
    """One record to write: found by `id` (the value of `id_property`), told apart by `trace`."""

    trace: str
    id: str
    id_property: str
    properties: Mapping[str, str]


class HubSpotClient:
    """One account. Raises TryAgain, Rejected or Misconfigured and nothing else."""

    def __init__(self, base_url: str, token: str, *, version: str) -> None:
        self._base_url = base_url
        self._version = version
        self._http = requests.Session()
        self._http.headers["Authorization"] = f"Bearer {token}"

    def close(self) -> None:
        self._http.close()

    def upsert(self, kind: str, inputs: Iterable[BatchInput]) -> BatchOutcome:
        """Create or update up to 100 records of a kind (`contacts`, `deals`) in one call.

        Every input carries its trace, so a bad one fails alone; repeating the call is safe.
        """
        body = {
            "inputs": [
                {
                    "id": item.id,
                    "idProperty": item.id_property,
                    "objectWriteTraceId": item.trace,
                    "properties": dict(item.properties),
                }
                for item in inputs
            ]
        }
        return read_outcome(self.call("POST", self.path("objects", f"{kind}/batch/upsert"), body))

    def associate(self, pairs: Collection[tuple[str, str]]) -> set[tuple[str, str]]:
        """Link deals to contacts, (deal id, contact id) each, in one call; repeating it changes nothing.

        The pairs that HubSpot confirms: as with records, no answer is no success.
        """
        body = {"inputs": [{"from": {"id": deal}, "to": {"id": contact}} for deal, contact in pairs]}
        answer = self.call("POST", self.path("associations", "deals/contacts/batch/associate/default"), body)
        linked = linked_ends(answer)
        return {pair for pair in pairs if pair in linked or pair[::-1] in linked}

    def call(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """One request; the JSON object of its answer, {} when there is none."""
        try:
            response = self._http.request(
                method, f"{self._base_url}{path}", json=body, timeout=TIMEOUT, allow_redirects=False
            )
        except BAD_SETTINGS as error:
            raise Misconfigured("bad_base_url_or_token") from error
        except requests.RequestException as error:
            raise TryAgain("hubspot_unreachable") from error
        if 200 <= response.status_code < 300:
            return json_object(response)
        raise error_of(response)

    def path(self, area: str, rest: str) -> str:
        """Where an area (`objects`, `associations`, `properties`, `pipelines`) lies in our version."""
        if self._version == "v3":
            return f"/crm/{'v4' if area == 'associations' else 'v3'}/{area}/{rest}"
        return f"/crm/{area}/{self._version}/{rest}"
