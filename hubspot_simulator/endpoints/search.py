"""Search over a lagging index. Never use it to check existence: it misses recent writes."""

from datetime import datetime, timedelta

from hubspot_simulator.account.kinds import Kind
from hubspot_simulator.account.portal import Portal
from hubspot_simulator.account.store import Record
from hubspot_simulator.rules import searching, views
from hubspot_simulator.wire import reading
from hubspot_simulator.wire.errors import validation
from hubspot_simulator.wire.messages import Answer, Json, Request

LONGEST_BODY = 3000


def search(portal: Portal, request: Request) -> Answer:
    """Live records that match, by the index; `total`, and `paging.next.after` as an offset."""
    if len(request.body) > LONGEST_BODY:
        raise validation(f"A search has at most {LONGEST_BODY} characters", invented=True)
    kind, now = Kind.named(request.params["kind"]), portal.now()
    wanted = searching.read(reading.body(request), set(portal.schemas[kind].properties))
    indexed = [found for record in portal.store.live(kind) if (found := _indexed(portal, record, now))]
    fitting = [record for record in indexed if wanted.fits(views.held(record))]
    fitting.sort(
        key=lambda record: (wanted.rank(views.held(record)), int(record.id)), reverse=wanted.descending
    )
    end = wanted.after + wanted.limit
    results = [views.record(record, wanted.names) for record in fitting[wanted.after : end]]
    paging: Json = {"paging": {"next": {"after": str(end)}}} if end < len(fitting) else {}
    return Answer(200, {"total": len(fitting), "results": results} | paging)


def _indexed(portal: Portal, record: Record, now: datetime) -> Record | None:
    """The newest indexed version of a record. Each record lags by 50 to 150 % of the switch."""
    lag = timedelta(seconds=portal.switches.search_lag) * (0.5 + int(record.id) % 101 / 100)
    versions = (record, portal.store.previous.get(record.id))
    return next((version for version in versions if version and version.updated_at + lag <= now), None)
