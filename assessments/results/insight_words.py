"""Where a result hurts, said to its owner: the same sentences on the page and in the report."""

from dataclasses import dataclass

from django.template.defaultfilters import floatformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.results.insight import Insight


@dataclass(frozen=True, slots=True)
class InsightWords:
    """Sentences in the current language, each '' where there is nothing to say."""

    weakest: str = ""
    cost: str = ""
    unknown: str = ""

    @property
    def lines(self) -> list[str]:
        return [line for line in (self.weakest, self.cost, self.unknown) if line]


def insight_in_words(insight: Insight | None) -> InsightWords:
    if insight is None:
        return InsightWords()
    return InsightWords(weakest_in_words(insight), cost_in_words(insight), unknown_in_words(insight))


def weakest_in_words(insight: Insight) -> str:
    """The weakest area; of several with the same score all, and where to start."""
    if insight.areas == 1:
        return ""
    values = {"name": insight.first.name, "score": insight.first.score, "others": insight.others}
    if not insight.is_tie:
        return _("Your weakest area is %(name)s: %(score)s of 100.") % values
    if insight.is_level:
        tie = _("All areas are at %(score)s of 100.") % values
    else:
        tie = _("%(others)s and %(name)s are your weakest areas, %(score)s of 100 each.") % values
    if insight.first.score == 100:
        return tie
    if insight.has_heaviest:
        start = _("%(name)s counts most, so start there.") % values
    else:
        start = _("Start where it is easiest.")
    return f"{tie} {start}"


def cost_in_words(insight: Insight) -> str:
    if not insight.cost:
        return ""
    return ngettext(
        "%(name)s makes up %(percent)s%% of the total."
        " What is missing there costs you %(points)s point of your 100.",
        "%(name)s makes up %(percent)s%% of the total."
        " What is missing there costs you %(points)s points of your 100.",
        insight.cost,
    ) % {
        "name": insight.first.name,
        "percent": floatformat(insight.first.weight_percent),
        "points": insight.cost,
    }


def unknown_in_words(insight: Insight) -> str:
    if not insight.unknown:
        return ""
    return ngettext(
        "You could not answer %(unknown)s of %(asked)s questions."
        " It is left out of your score, and it is a finding of its own: somebody should know.",
        "You could not answer %(unknown)s of %(asked)s questions."
        " They are left out of your score, and they are a finding of their own: somebody should know.",
        insight.unknown,
    ) % {"unknown": insight.unknown, "asked": insight.asked}
