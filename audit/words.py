"""What the system log says, in the language of the reader; the log itself stays English.

Whoever writes an event writes it in English. Here stands each sentence once more, as one piece with names in
the places of its values, so that what was stored can be recognised and shown in the words of the catalogue.
"""

import re
from functools import cache

from django.utils.translation import gettext as _

from web import gettext_noop

PLACE = re.compile(r"%\\\((\w+)\\\)s")  # %(name)s, after re.escape
CLAUSE = re.compile(r"(, |: |; | \(|\))")
STAFF = re.compile(r"staff (\S+)")

SENTENCES = (
    gettext_noop("A backup cannot be verified"),
    gettext_noop("A backup is not what it should be"),
    gettext_noop("A backup was made"),
    gettext_noop("A backup was restored and looked through"),
    gettext_noop("A file of a lead was downloaded"),
    gettext_noop("A link to set a password was mailed to a user"),
    gettext_noop("A list of leads was viewed"),
    gettext_noop("A person was erased"),
    gettext_noop("A person was looked up"),
    gettext_noop("An erasure was done by hand"),
    gettext_noop("An export was downloaded"),
    gettext_noop("An export was ordered"),
    gettext_noop("An export was written"),
    gettext_noop("Consent was withdrawn for a person"),
    gettext_noop("Expired sessions were removed"),
    gettext_noop("How long the hottest statements take, in ms"),
    gettext_noop("Leads were searched"),
    gettext_noop("No backup was verified yet."),
    gettext_noop("Personal data past its retention was scrubbed"),
    gettext_noop("Seed data in production"),
    gettext_noop("Statements are slower"),
    gettext_noop("Test users were deleted"),
    gettext_noop("Test users were reset"),
    gettext_noop("Tests were deleted"),
    gettext_noop("The second factors of a member of staff were taken away"),
    gettext_noop("The size of the database in bytes"),
    gettext_noop("The weekly summary was mailed"),
    gettext_noop("What we hold of a person was exported"),
)
WITH_VALUES = (  # the first that fits is taken
    gettext_noop("Purge of assessments older than %(days)s days: failed (%(error)s, SQLSTATE %(state)s)"),
    gettext_noop("Purge of assessments older than %(days)s days: finished"),
    gettext_noop("Purge of assessments older than %(days)s days: started"),
    gettext_noop("The draft of %(key)s was changed"),
    gettext_noop("The draft of %(key)s was scheduled"),
    gettext_noop("The last verified backup is %(hours)s hours old; 26 at most."),
    gettext_noop("The planned publication of %(key)s was cancelled"),
    gettext_noop("The questionnaire %(key)s was copied from %(original)s"),
    gettext_noop("The questionnaire %(key)s was created"),
    gettext_noop("The questionnaire %(key)s was imported"),
    gettext_noop("Version %(number)s of %(key)s was published"),
    gettext_noop("%(key)s was archived"),
    gettext_noop("%(key)s was brought back"),
    gettext_noop("%(key)s was changed"),
    gettext_noop("%(key)s was retired"),
    gettext_noop(
        "%(count)s lead is not confirmed by HubSpot; "
        "the oldest will be scrubbed at the next scrub all the same."
    ),
    gettext_noop(
        "%(count)s lead is not confirmed by HubSpot; "
        "the oldest will be scrubbed in %(days)s days all the same."
    ),
    gettext_noop(
        "%(count)s lead is not confirmed by HubSpot; the oldest will be scrubbed within a day all the same."
    ),
    gettext_noop(
        "%(count)s leads are not confirmed by HubSpot; "
        "the oldest will be scrubbed at the next scrub all the same."
    ),
    gettext_noop(
        "%(count)s leads are not confirmed by HubSpot; "
        "the oldest will be scrubbed in %(days)s days all the same."
    ),
    gettext_noop(
        "%(count)s leads are not confirmed by HubSpot; the oldest will be scrubbed within a day all the same."
    ),
)
CLAUSES = (  # of the line of a comparison with HubSpot
    gettext_noop("%(count)s differ"),
    gettext_noop("%(count)s differs"),
    gettext_noop("%(count)s for a person to decide"),
    gettext_noop("%(count)s lead here"),
    gettext_noop("%(count)s leads here"),
    gettext_noop("%(count)s on the way"),
    gettext_noop("%(count)s put right"),
    gettext_noop("%(count)s there"),
    gettext_noop("dry run"),
    gettext_noop("nothing was changed"),
)
NAMES = (  # of counts
    gettext_noop("asked by"),
    gettext_noop("assessments"),
    gettext_noop("by"),
    gettext_noop("bytes"),
    gettext_noop("cause"),
    gettext_noop("certificate"),
    gettext_noop("changes"),
    gettext_noop("days left"),
    gettext_noop("deleted"),
    gettext_noop("differ"),
    gettext_noop("dry run"),
    gettext_noop("erasure"),
    gettext_noop("experiment"),
    gettext_noop("export"),
    gettext_noop("factors"),
    gettext_noop("here"),
    gettext_noop("kind"),
    gettext_noop("leads"),
    gettext_noop("milliseconds"),
    gettext_noop("name"),
    gettext_noop("new"),
    gettext_noop("old"),
    gettext_noop("on their way"),
    gettext_noop("put right"),
    gettext_noop("questionnaire"),
    gettext_noop("reason"),
    gettext_noop("records scrubbed"),
    gettext_noop("result"),
    gettext_noop("rows"),
    gettext_noop("seconds"),
    gettext_noop("sessions"),
    gettext_noop("sessions removed"),
    gettext_noop("setting"),
    gettext_noop("there"),
    gettext_noop("to"),
    gettext_noop("to decide"),
    gettext_noop("upload"),
    gettext_noop("user"),
    gettext_noop("users"),
    gettext_noop("version"),
    gettext_noop("with contacts"),
)
WHO = (gettext_noop("command"), gettext_noop("schedule"))


@cache
def pattern_of(sentence: str) -> re.Pattern[str]:
    """What recognises the sentence, with a group for each of its values."""
    return re.compile(PLACE.sub(r"(?P<\1>.+?)", re.escape(sentence)))


def with_values(text: str, sentences: tuple[str, ...]) -> str | None:
    """The translation of the first sentence that fits, with the values of the text; None if none fits."""
    for sentence in sentences:
        if found := pattern_of(sentence).fullmatch(text):
            return _(sentence) % found.groupdict()
    return None


def message_in_words(message: str) -> str:
    """The message of an event in the active language; an unknown one as it is."""
    known = _(message) if message else ""
    if known != message:
        return known
    if found := with_values(message, WITH_VALUES):
        return found
    clauses = CLAUSE.split(message)
    if not all(with_values(each, CLAUSES) for each in clauses[::2] if each):
        return message
    return "".join(with_values(each, CLAUSES) or each for each in clauses)


def name_in_words(name: str) -> str:
    """The name of a count in the active language: `records scrubbed assessments` is of two names."""
    for known in sorted(NAMES, key=len, reverse=True):
        if name == known:
            return _(known)
        if name.startswith(f"{known} "):
            return f"{_(known)} {name_in_words(name.removeprefix(f'{known} '))}"
    return name


def value_in_words(value: object) -> object:
    """A value of a count: yes or no for a boolean, who asked in words; others as they are."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, str):
        if found := STAFF.fullmatch(value):
            return _("staff %(number)s") % {"number": found[1]}
        return _(value) if value in WHO else value
    return value
