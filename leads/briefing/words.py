"""The sentences of the sales brief in each language. Pure.

A lead is called in the language in which they answered, so these are no translations of the back office.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class BriefWords:
    """Templates for `str.format`; the names in braces are those that brief.py fills in."""

    thanks: str
    strength: str
    tied_area: str
    lowest_area: str
    costliest: str
    open_question: str
    question: str
    objection_done: str
    reply_done: str
    objection_time: str
    reply_time: str
    reply_time_start: str
    objection_unknown: str
    reply_unknown: str
    objection_priority: str
    reply_priority: str


ENGLISH = BriefWords(
    thanks="Thank you for your frank answers. They show exactly where a first step pays off.",
    strength="Asked “{question}” you said: “{answer}” That is a strength to build on.",
    tied_area="None of your areas scores lower than {area}: {score} of 100.",
    lowest_area="{area} is the lowest of your scores: {score} of 100.",
    costliest=(
        "One answer costs you more than any other, {cost} of 100 points: “{question}” You said: “{answer}”"
    ),
    open_question="What would you like to be able to do that does not work yet?",
    question="What would have to change at your company before you could say: “{best}”?",
    objection_done="“We have this under control.”",
    reply_done="In {area} you are at {score} of 100. What keeps that from being as good as the rest?",
    objection_time="“We have no time or budget for this now.”",
    reply_time="Then start with the one answer that costs most: it is worth {cost} of 100 points.",
    reply_time_start="Then start small: “{action}” is worth {cost} of 100 points.",
    objection_unknown="“I would have to ask a colleague.”",
    reply_unknown="You answered “I don't know” to {count} questions. Who of you knows? Let us talk together.",
    objection_priority="“This is no priority for us.”",
    reply_priority="What would it cost you if “{question}” came up with a customer or an auditor tomorrow?",
)
GERMAN = BriefWords(
    thanks="Danke für Ihre offenen Antworten. Sie zeigen genau, wo sich ein erster Schritt lohnt.",
    strength=(
        "Auf die Frage „{question}“ haben Sie geantwortet: „{answer}“ "
        "Das ist eine Stärke, auf die Sie bauen können."
    ),
    tied_area="Kein Bereich liegt bei Ihnen niedriger als {area}: {score} von 100.",
    lowest_area="{area} ist Ihr niedrigster Wert: {score} von 100.",
    costliest=(
        "Eine Antwort kostet Sie mehr als jede andere, {cost} von 100 Punkten: „{question}“ "
        "Sie haben geantwortet: „{answer}“"
    ),
    open_question="Was möchten Sie können, das heute noch nicht geht?",
    question="Was müsste sich bei Ihnen ändern, damit Sie sagen können: „{best}“?",
    objection_done="„Das haben wir im Griff.“",
    reply_done="Bei {area} liegen Sie bei {score} von 100. Was fehlt, damit es so gut ist wie der Rest?",
    objection_time="„Dafür haben wir gerade weder Zeit noch Budget.“",
    reply_time="Dann beginnen Sie bei der Antwort, die am meisten kostet: {cost} von 100 Punkten.",
    reply_time_start="Dann fangen Sie klein an: „{action}“ ist {cost} von 100 Punkten wert.",
    objection_unknown="„Da müsste ich Kollegen fragen.“",
    reply_unknown=(
        "Bei {count} Fragen haben Sie „Weiß ich nicht“ gewählt. Wer weiß es bei Ihnen? Sprechen wir zusammen."
    ),
    objection_priority="„Das hat bei uns keine Priorität.“",
    reply_priority="Was würde es Sie kosten, wenn morgen ein Kunde oder Prüfer fragt: „{question}“",
)
WORDS: Mapping[str, BriefWords] = MappingProxyType({"en": ENGLISH, "de": GERMAN})


def words_of(language: str) -> BriefWords:
    """The sentences in a language (de, de-at), or else in English."""
    return WORDS.get(language.partition("-")[0], ENGLISH)
