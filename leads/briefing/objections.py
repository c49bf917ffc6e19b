"""What the lead is likely to object, and what to say then, from their own answers. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from assessments.results.transcript import AnsweredArea
from leads.briefing.brief import costliest_answer, weakest_area
from leads.briefing.words import BriefWords

GOOD = 60  # of 100: from here on people think that they are done
SEVERAL_UNKNOWN = 2
MOST = 3


@dataclass(frozen=True, slots=True)
class Objection:
    """What they say, and a reply."""

    text: str
    reply: str


def likely_objections(
    areas: Sequence[AnsweredArea], total: int | None, words: BriefWords, first_action: str = ""
) -> list[Objection]:
    """Return up to three, the likeliest first. `first_action`: the first step of our advice."""
    worst, area = costliest_answer(areas), weakest_area(areas)
    unknown = sum(line.is_unknown for each in areas for line in each.lines)
    found = []
    if unknown >= SEVERAL_UNKNOWN:
        found.append(Objection(words.objection_unknown, words.reply_unknown.format(count=unknown)))
    if area and total is not None and total >= GOOD:
        reply = words.reply_done.format(area=area.name, score=area.score)
        found.append(Objection(words.objection_done, reply))
    if worst:
        cost = max(1, round(worst.cost))
        template = words.reply_time_start if first_action else words.reply_time
        reply = template.format(cost=cost, action=first_action)
        found.append(Objection(words.objection_time, reply))
        priority = words.reply_priority.format(question=worst.question.text)
        found.append(Objection(words.objection_priority, priority))
    return found[:MOST]
