"""Account details and API usage."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from hubspot_simulator.account.portal import Portal
from hubspot_simulator.account.values import instant
from hubspot_simulator.wire.messages import Answer, Request


def details(portal: Portal, _request: Request) -> Answer:
    zone = portal.now().astimezone(ZoneInfo(portal.switches.time_zone))
    offset = zone.utcoffset() or timedelta()
    minutes = int(offset.total_seconds()) // 60
    body = {
        "portalId": portal.switches.portal_id,
        "accountType": "DEVELOPER_TEST",
        "timeZone": portal.switches.time_zone,
        "companyCurrency": "EUR",
        "additionalCurrencies": [],
        "utcOffset": f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}",
        "utcOffsetMilliseconds": minutes * 60_000,
        "uiDomain": "app.hubspot.com",
        "dataHostingLocation": "na1",
    }
    return Answer(200, dict(body))


def usage(portal: Portal, _request: Request) -> Answer:
    """Today's calls of this app: the same counter as in the headers."""
    now = portal.now()
    used = {
        "name": "private-apps-api-calls-daily",
        "usageLimit": portal.switches.daily_limit,
        "currentUsage": portal.limits.used_today,
        "collectedAt": instant(now),
        "fetchStatus": "SUCCESS",
        "resetsAt": instant(_midnight(now, ZoneInfo(portal.switches.time_zone))),
    }
    return Answer(200, {"results": [used]})


def _midnight(now: datetime, zone: ZoneInfo) -> datetime:
    tomorrow = now.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(), zone)
