"""The metric dictionary of the page *Figures*, of `script/manage figures` and of the JSON. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Metric:
    """`more_is_better`: how a change is coloured; None for neither."""

    title: str
    definition: str
    unit: str = ""
    more_is_better: bool | None = None


NUMBERS: Mapping[str, Metric] = MappingProxyType(
    {
        "started": Metric("Started", "Assessments that were started in the period.", "", True),
        "finished": Metric("Finished", "Of these, those that were finished, whenever that was.", "", True),
        "rate": Metric(
            "Completion rate",
            "Finished in percent of those that ended: finished, or without a session to go on with.",
            "%",
            True,
        ),
        "median_seconds": Metric(
            "Median time", "Half of the finished ones that took 1 to 30 minutes were faster.", "s"
        ),
        "p95_seconds": Metric("95th percentile of the time", "19 of 20 of the same ones were faster.", "s"),
        "average_score": Metric("Average score", "Mean total score of the finished ones, 0-100."),
        "address": Metric("Left an address", "Finished with an e-mail address, also if scrubbed.", "", True),
        "name": Metric("and a name", "Of these, with a first or last name.", "", True),
        "company": Metric("and a company", "Of these, with a company.", "", True),
        "phone": Metric("and a phone number", "Of these, with a phone number.", "", True),
        "qualified": Metric(
            "Qualified", "Finished and qualified for a briefing by the rule of the questionnaire.", "", True
        ),
        "contacted": Metric("Contacted", "Leads of the period for which an outcome was recorded.", "", True),
        "won": Metric("Won", "Leads of the period whose last outcome is Won.", "", True),
        "speed_seconds": Metric(
            "Speed to lead", "Median time from finishing to the first recorded outcome.", "s", False
        ),
    }
)
TABLES: Mapping[str, Metric] = MappingProxyType(
    {
        "days": Metric("By day", "Started and finished by the UTC day of the start."),
        "scores": Metric("Scores", "Finished assessments by total score, in tens; the last is 90 to 100."),
        "categories": Metric("Categories", "Finished assessments by the category of their total score."),
        "areas": Metric("Areas", "Mean score of each area over finished assessments."),
        "questions": Metric(
            "Questions", "How many finished assessments answered each question, and the median seconds."
        ),
        "sources": Metric(
            "Sources", "By the site they came from: started, finished, qualified, contacted, won; in percent."
        ),
        "owners": Metric(
            "Owners", "Leads of the period by owner: contacted, meetings, won, and their speed to lead."
        ),
        "deliveries": Metric("Deliveries", "Leads of the period by their state of delivery to HubSpot."),
    }
)
