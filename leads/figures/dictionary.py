"""The metric dictionary of the page *Figures*, of `script/manage figures` and of the JSON. Pure.

Its words are marked; whoever shows them to a person translates them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from web import gettext_noop as _


@dataclass(frozen=True, slots=True)
class Metric:
    """`more_is_better`: how a change is coloured; None for neither."""

    title: str
    definition: str
    unit: str = ""
    more_is_better: bool | None = None


NUMBERS: Mapping[str, Metric] = MappingProxyType(
    {
        "started": Metric(_("Started"), _("Assessments that were started in the period."), "", True),
        "finished": Metric(
            _("Finished"), _("Of these, those that were finished, whenever that was."), "", True
        ),
        "rate": Metric(
            _("Completion rate"),
            _("Finished in percent of those that ended: finished, or without a session to go on with."),
            "%",
            True,
        ),
        "median_seconds": Metric(
            _("Median time"), _("Half of the finished ones that took 1 to 30 minutes were faster."), "s"
        ),
        "p95_seconds": Metric(
            _("95th percentile of the time"), _("19 of 20 of the same ones were faster."), "s"
        ),
        "average_score": Metric(_("Average score"), _("Mean total score of the finished ones, 0-100.")),
        "address": Metric(
            _("Left an address"), _("Finished with an e-mail address, also if scrubbed."), "", True
        ),
        "name": Metric(_("and a name"), _("Of these, with a first or last name."), "", True),
        "company": Metric(_("and a company"), _("Of these, with a company."), "", True),
        "phone": Metric(_("and a phone number"), _("Of these, with a phone number."), "", True),
        "qualified": Metric(
            _("Qualified"),
            _("Finished and qualified for a briefing by the rule of the questionnaire."),
            "",
            True,
        ),
        "contacted": Metric(
            _("Contacted"), _("Leads of the period for which an outcome was recorded."), "", True
        ),
        "won": Metric(_("Won"), _("Leads of the period whose last outcome is Won."), "", True),
        "speed_seconds": Metric(
            _("Speed to lead"), _("Median time from finishing to the first recorded outcome."), "s", False
        ),
    }
)
TABLES: Mapping[str, Metric] = MappingProxyType(
    {
        "days": Metric(
            _("By day"),
            _(
                "By the UTC day of the start: started, finished, leads, those that HubSpot has, and those "
                "whose result was mailed."
            ),
        ),
        "scores": Metric(
            _("Scores"), _("Finished assessments by total score, in tens; the last is 90 to 100.")
        ),
        "categories": Metric(
            _("Categories"), _("Finished assessments by the category of their total score.")
        ),
        "areas": Metric(_("Areas"), _("Mean score of each area over finished assessments.")),
        "questions": Metric(
            _("Questions"), _("How many finished assessments answered each question, and the median seconds.")
        ),
        "sources": Metric(
            _("Sources"),
            _("By the site they came from: started, finished, qualified, contacted, won; in percent."),
        ),
        "owners": Metric(
            _("Owners"), _("Leads of the period by owner: contacted, meetings, won, and their speed to lead.")
        ),
        "deliveries": Metric(
            _("Deliveries"), _("Leads of the period by their state of delivery to HubSpot.")
        ),
    }
)
COLUMNS: Mapping[str, str] = MappingProxyType(
    {
        "day": _("day"),
        "delivered": _("in HubSpot"),
        "mailed": _("mailed"),
        "started": _("started"),
        "finished": _("finished"),
        "score": _("score"),
        "category": _("category"),
        "average_score": _("average score"),
        "area": _("area"),
        "question": _("question"),
        "answered": _("answered"),
        "median_seconds": _("median seconds"),
        "source": _("source"),
        "qualified": _("qualified"),
        "contacted": _("contacted"),
        "won": _("won"),
        "finished_rate": _("finished rate"),
        "qualified_rate": _("qualified rate"),
        "contacted_rate": _("contacted rate"),
        "won_rate": _("won rate"),
        "owner": _("owner"),
        "leads": _("leads"),
        "meetings": _("meetings"),
        "speed_seconds": _("speed seconds"),
        "state": _("state"),
        "label": _("label"),
    }
)
