"""The routes of the API: numbered and dated versions lead to the same functions."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from urllib.parse import unquote

from hubspot_simulator.account.kinds import Kind
from hubspot_simulator.account.portal import Portal
from hubspot_simulator.endpoints import account, associations, batches, objects, pipelines, properties, search
from hubspot_simulator.wire.errors import not_found, wrong_method
from hubspot_simulator.wire.messages import Answer, Request

Handler = Callable[[Portal, Request], Answer]

DATED = ("2026-03", "2026-09")
AREAS = "objects|properties|pipelines|associations"
NUMBERED_PATH = re.compile(rf"/crm/(?P<version>v3|v4)/(?P<area>{AREAS})/(?P<rest>.+)")
DATED_PATH = re.compile(rf"/crm/(?P<area>{AREAS})/(?P<version>{'|'.join(DATED)})/(?P<rest>.+)")
ACCOUNT_PATH = re.compile(rf"/account-info/(?P<version>v3|{'|'.join(DATED)})/(?P<rest>.+)")

READ = ("crm.objects.{kind}.read",)
WRITE = ("crm.objects.{kind}.write",)
SCHEMA = ("crm.schemas.{kind}.write",)
READ_BOTH = ("crm.objects.{kind}.read", "crm.objects.{to}.read")
WRITE_BOTH = ("crm.objects.{kind}.write", "crm.objects.{to}.write")


@dataclass(frozen=True, slots=True)
class Route:
    """`numbered` is the version before the dated ones; `scopes` are the ones that the token needs."""

    method: str
    template: str
    handler: Handler
    scopes: tuple[str, ...]
    numbered: str = "v3"

    def match(self, path: str) -> dict[str, str] | None:
        pattern = re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", self.template)
        found = re.fullmatch(pattern, path)
        return {name: unquote(part) for name, part in found.groupdict().items()} if found else None


ONE = "objects/{kind}/{id}"
TO = "objects/{kind}/{id}/associations"
PAIRS = "associations/{kind}/{to}/batch"

ROUTES = (
    Route("GET", "objects/{kind}", objects.page, READ),
    Route("POST", "objects/{kind}", objects.create, WRITE),
    Route("POST", "objects/{kind}/batch/create", batches.create, WRITE),
    Route("POST", "objects/{kind}/batch/read", batches.read, READ),
    Route("POST", "objects/{kind}/batch/update", batches.update, WRITE),
    Route("POST", "objects/{kind}/batch/upsert", batches.upsert, WRITE),
    Route("POST", "objects/{kind}/batch/archive", batches.archive, WRITE),
    Route("POST", "objects/{kind}/search", search.search, READ),
    Route("POST", "objects/{kind}/merge", objects.merge, WRITE),
    Route("POST", "objects/{kind}/gdpr-delete", objects.gdpr_delete, WRITE),
    Route("GET", ONE, objects.read, READ),
    Route("PATCH", ONE, objects.update, WRITE),
    Route("DELETE", ONE, objects.archive, WRITE),
    Route("GET", TO + "/{to}", associations.read, READ_BOTH, "v4"),
    Route("PUT", TO + "/default/{to}/{to_id}", associations.connect, WRITE_BOTH, "v4"),
    Route("PUT", TO + "/{to}/{to_id}", associations.connect_typed, WRITE_BOTH, "v4"),
    Route("DELETE", TO + "/{to}/{to_id}", associations.disconnect, WRITE_BOTH, "v4"),
    Route("POST", PAIRS + "/associate/default", associations.batch_connect, WRITE_BOTH, "v4"),
    Route("POST", PAIRS + "/create", associations.batch_connect_typed, WRITE_BOTH, "v4"),
    Route("POST", PAIRS + "/read", associations.batch_read, READ_BOTH, "v4"),
    Route("POST", PAIRS + "/archive", associations.batch_archive, WRITE_BOTH, "v4"),
    Route("GET", "properties/{kind}", properties.page, READ),
    Route("POST", "properties/{kind}", properties.create, SCHEMA),
    Route("GET", "properties/{kind}/groups", properties.groups, READ),
    Route("POST", "properties/{kind}/groups", properties.create_group, SCHEMA),
    Route("GET", "properties/{kind}/groups/{name}", properties.group, READ),
    Route("GET", "properties/{kind}/{name}", properties.read, READ),
    Route("PATCH", "properties/{kind}/{name}", properties.update, SCHEMA),
    Route("DELETE", "properties/{kind}/{name}", properties.archive, SCHEMA),
    Route("GET", "pipelines/{kind}", pipelines.page, READ),
    Route("POST", "pipelines/{kind}", pipelines.create, SCHEMA),
    Route("GET", "pipelines/{kind}/{id}", pipelines.read, READ),
    Route("PATCH", "pipelines/{kind}/{id}", pipelines.update, SCHEMA),
    Route("DELETE", "pipelines/{kind}/{id}", pipelines.delete, SCHEMA),
    Route("DELETE", "pipelines/{kind}/{id}/stages/{stage}", pipelines.delete_stage, SCHEMA),
    Route("GET", "pipelines/{kind}/{id}/stages", pipelines.stages, READ),
    Route("POST", "pipelines/{kind}/{id}/stages", pipelines.create_stage, SCHEMA),
    Route("GET", "account/details", account.details, ()),
    Route("GET", "account/api-usage/daily/private-apps", account.usage, ()),
)


def find(request: Request) -> tuple[Route, Request]:
    """The route, and the request with its version and path parameters. Raises Refusal 404 or 405."""
    version, path = _split(request.path)
    matches = [(route, params) for route in ROUTES if (params := route.match(path)) is not None]
    matches = [(route, params) for route, params in matches if version in (route.numbered, *DATED)]
    if not matches:
        raise not_found()
    for route, params in matches:
        if route.method == request.method:
            return route, replace(request, version=version, params=params)
    raise wrong_method()


def required_scopes(route: Route, request: Request) -> list[str]:
    kinds = {
        name: Kind.named(request.params[name]).value for name in ("kind", "to") if name in request.params
    }
    return [scope.format(**kinds) for scope in route.scopes]


def label(route: Route, request: Request) -> str:
    """The call without ids and values, for the log: `POST objects/contacts/batch/upsert`."""
    path = route.template
    for name in ("kind", "to"):
        if name in request.params:
            path = path.replace("{" + name + "}", Kind.named(request.params[name]).value)
    return f"{route.method} {path}"


def _split(path: str) -> tuple[str, str]:
    """The version, and the path in the form of the route table."""
    if found := ACCOUNT_PATH.fullmatch(path):
        return found["version"], f"account/{found['rest']}"
    if found := NUMBERED_PATH.fullmatch(path) or DATED_PATH.fullmatch(path):
        return found["version"], f"{found['area']}/{found['rest']}"
    raise not_found()
