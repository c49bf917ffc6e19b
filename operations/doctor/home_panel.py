"""The health panel of the operators' home page, from the same checks as `script/manage doctor`."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation

from monitoring.findings import Finding, Level, stated, worst
from operations.doctor.examination import health_checks, run_checks
from operations.doctor.table_sizes import largest_tables
from operations.doctor.watch import Examination, stored_examination
from web import gettext_noop
from web.formatting import time_ago

OLD = timedelta(minutes=15)


def own_findings() -> list[Finding]:
    """What this installation says of itself; other servers are not asked while a page is waited for."""
    checks = health_checks(external=False)
    return run_checks([replace(each, function=each.of_page or each.function) for each in checks])


def home_panel(now: datetime, request: HttpRequest | None = None) -> dict[str, Any]:
    """{level, areas, bad: the worst level, that of each area, what is not green; asked, tables, measured}.

    `asked` and `measured` say how long ago that was, '' for now. The findings are in English, as `doctor`
    says them on the command line: the template marks them so.
    """
    last = stored_examination()
    recent = last if last and now - last.at < OLD else None
    asked = time_ago(now - last.at) if last else ""
    with translation.override(settings.LANGUAGE_CODE):
        found = own_findings() + others(last, now)
    by_area = groupby(sorted(found, key=lambda each: each.area), key=lambda each: each.area)
    return {
        "level": worst(found).value,
        "areas": [(area, worst(list(each)).value) for area, each in by_area],
        "bad": [each for each in found if each.level is not Level.GREEN],
        "asked": asked,
        "tables": recent.tables if recent else largest_tables(),
        "measured": asked if recent else "",
    }


def others(last: Examination | None, now: datetime) -> list[Finding]:
    """What other servers said at the last examination, and a finding where that is old."""
    if last and now - last.at < OLD:
        return last.findings
    return [
        *(last.findings if last else []),
        stated(
            gettext_noop("Other servers"),
            "examination",
            Level.AMBER,
            time_ago(now - last.at) if last else "never",
            threshold="amber when older than 15 minutes",
            reason="HubSpot, mail and certificates were not looked at lately.",
            fix="See whether worker, beat and Redis run; `script/manage doctor` asks at once.",
        ),
    ]
