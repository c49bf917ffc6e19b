"""The metric dictionary: what each figure is called and means, wherever it is shown. Pure.

DASHBOARD is read from daily counts (metrics.py), NUMBERS and TABLES from the assessments of a period
(leads/figures). Dashboard, page *Figures*, its JSON, `script/manage figures` and exports take them from here.

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


DASHBOARD: Mapping[str, Metric] = MappingProxyType(
    {
        "monthly": Metric(
            _("Started and finished, by month"),
            _(
                "Each assessment counts in the month in which it was started. The rate leaves out those that "
                "are still open; scores and times are averages of the finished ones, times of those that "
                "took 1 to 30 minutes. Older months with fewer than ten started or finished are counted "
                "together with the next and drawn as one striped bar, so that no figure points to one person."
            ),
        ),
        "landing": Metric(
            _("From the landing page to the start"),
            _(
                "Views of the landing page, without robots and staff, and assessments started on the same "
                "days. One person may look several times; some start without it, by the API."
            ),
        ),
        "marked": Metric(
            _("Left out"),
            _(
                "Assessments marked as doubtful (robots, faster than people read, throw-away addresses) "
                "or as tests (started by somebody signed in to the back office). No other figure counts them."
            ),
        ),
        "score_distribution": Metric(
            _("Scores by category"),
            _("Finished assessments by the category of their total score."),
        ),
        "lead_funnel": Metric(
            _("From finished assessment to briefing"),
            _(
                "Finished assessments. An address still counts after it was scrubbed. Qualified for a "
                "briefing: with an address, and either a total under 60 or every contact field filled in."
            ),
        ),
        "contact_funnel": Metric(
            _("Contact details left"),
            _(
                "Finished assessments by how far their contact details go: each line counts those with "
                "that detail and all above it. Details still count after they were scrubbed."
            ),
        ),
        "completion_times": Metric(
            _("Time to finish"),
            _("Finished assessments that took 1 to 30 minutes; other times say nothing about the form."),
        ),
        "origins": Metric(
            _("Where they come from"),
            _(
                "Assessments started, finished, with an e-mail address, and qualified for a briefing. "
                "Origins of fewer than ten are counted together, so that no figure points to one person."
            ),
        ),
        "answers": Metric(
            _("Answers"),
            _("How each question was answered, in assessments that were finished or given up."),
        ),
        "last_steps": Metric(
            _("Where people leave"),
            _(
                "Of the assessments that came so far, how many were given up there; those still open are "
                "left out. One with an address counts once its session has been removed."
            ),
        ),
        "questions": Metric(
            _("Questions at which people leave"),
            _(
                "Of the assessments that came to the page of a question, how many were given up without "
                "an answer to it; those still open are left out, and so are questions that not everybody has "
                "to answer."
            ),
        ),
    }
)
NUMBERS: Mapping[str, Metric] = MappingProxyType(
    {
        "viewed": Metric(
            _("Landing page viewed"),
            _(
                "Views of the landing page in the period, without robots and staff. One person may look "
                "several times; nothing of them is stored."
            ),
            "",
            True,
        ),
        "started": Metric(_("Started"), _("Assessments that were started in the period."), "", True),
        "start_rate": Metric(
            _("Start rate"),
            _("Started in percent of the views of the landing page; unknown where more were started."),
            "%",
            True,
        ),
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
        "funnel": Metric(
            _("From the landing page to the qualified lead"),
            _(
                "Landing page: its views, as far as known, and those without a start. The rest is of the "
                "assessments that ended: finished, or given up, which is known once their session has "
                "been removed. Reached: the page before was saved; a page that was passed over counts as "
                "reached. Left: nothing was saved after. Contact details: with that detail and all above it, "
                "scrubbed ones too. Qualified is counted apart. Pages of several questionnaires are counted "
                "together by number. Assessments given up before this was recorded do not count."
            ),
        ),
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
            _("Questions"),
            _(
                "Of the assessments that ended, for each question: how many reached its page, how many "
                "answered it, how many gave up on that page without answering it, and the median seconds. "
                "The third is known of questions that everybody has to answer, and not of typed answers, "
                "which are deleted when somebody gives up. Not shown for more than 100,000 assessments."
            ),
        ),
        "answers": Metric(
            _("Answers"),
            _(
                "How often each option, number or cell of a table was chosen in assessments that ended, and "
                "in percent of those that answered the question; many different numbers in ten ranges. Typed "
                "and personal answers are not counted. Not shown for more than 100,000 assessments."
            ),
        ),
        "sources": Metric(
            _("Sources"),
            _(
                "By the site they came from: views of the landing page where known, started, finished, "
                "qualified, contacted, won; in percent."
            ),
        ),
        "campaigns": Metric(
            _("Campaigns"),
            _(
                "By the campaign of their link, which is forgotten with the person: views of the landing "
                "page where known, started, finished, qualified; in percent."
            ),
        ),
        "languages": Metric(
            _("Languages"),
            _(
                "Views of the landing page where known by its language; started, finished and qualified by "
                "that of the last page shown."
            ),
        ),
        "devices": Metric(
            _("Devices"),
            _("By the kind of device: views of the landing page where known, started, finished, qualified."),
        ),
        "qualities": Metric(_("Lead quality"), _("Leads of the period by their quality.")),
        "outcomes": Metric(_("Outcomes"), _("Leads of the period by the outcome of the last contact.")),
        "owners": Metric(
            _("Owners"), _("Leads of the period by owner: contacted, meetings, won, and their speed to lead.")
        ),
        "deliveries": Metric(
            _("Deliveries"), _("Leads of the period by their state of delivery to HubSpot.")
        ),
    }
)
STAGES: Mapping[str, str] = MappingProxyType(
    {
        "landing": _("Landing page viewed"),
        "started": _("Started"),
        "end": _("All pages saved"),
        "finished": _("Submitted"),
        "address": _("Left an address"),
        "name": _("and a name"),
        "company": _("and a company"),
        "phone": _("and a phone number"),
        "qualified": _("Qualified"),
    }
)
COLUMNS: Mapping[str, str] = MappingProxyType(
    {
        "stage": _("stage"),
        "reached": _("reached"),
        "reached_rate": _("reached rate"),
        "left": _("left there"),
        "left_rate": _("left rate"),
        "answer": _("answer"),
        "answered_rate": _("answered rate"),
        "campaign": _("campaign"),
        "language": _("language"),
        "device": _("device"),
        "quality": _("quality"),
        "outcome": _("outcome"),
        "day": _("day"),
        "delivered": _("in HubSpot"),
        "mailed": _("mailed"),
        "viewed": _("viewed"),
        "started": _("started"),
        "started_rate": _("started rate"),
        "finished": _("finished"),
        "score": _("score"),
        "category": _("category"),
        "average_score": _("average score"),
        "area": _("area"),
        "question": _("question"),
        "answered": _("answered"),
        "median_seconds": _("median time"),
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
        "speed_seconds": _("speed to lead"),
        "state": _("state"),
        "label": _("label"),
    }
)
