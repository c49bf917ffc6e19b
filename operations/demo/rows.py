"""The rows of demonstration data, as lines of PostgreSQL's COPY text format.

What depends on the rules of the product (points, scores, category, quality) is computed by them, once for
each of a few hundred sets of answers; a row combines such a set with a person, a moment and a source.
"""

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import accumulate
from random import Random
from typing import Any

from assessments.lifecycle.consents import consent_text, text_version
from assessments.lifecycle.services import session_lifetime
from assessments.models import ConsentSource, Purpose
from assessments.qualification import Contact, lead_quality
from assessments.retention import retention_period
from encryption.email_addresses import address_hash
from encryption.keys import key_ring
from operations.demo import DOMAIN, MARK, people
from operations.demo.experiment import KEY, MORE_FINISH, QUESTION, WORDINGS, is_running
from scorecard.definition import Definition
from scorecard.question_types import TYPES, type_of
from scorecard.scoring import score
from scorecard.versions import PublishedVersion
from scorecard.visibility import visible

SETS_OF_ANSWERS = 400
FINISHED = 0.72
CONTACT_SHARES = (30, 28, 17, 25)  # of no details, an address, name and company too, all
PHONES = {"de": ("+49 151", "+49 170", "+43 660"), "en": ("+44 7700", "+44 7911", "+1 202 555")}
HOURS = tuple(accumulate(people.HOURS))
DEPTHS = tuple(accumulate(CONTACT_SHARES))
NULL = r"\N"
SAYINGS, SAID = ("t", NULL, "f"), (45, 97, 100)  # about being contacted: agreed, said nothing, objected


@dataclass(frozen=True, slots=True)
class Answers:
    """A set of answers with what follows from it; `qualities` by depth of contact, 0 to 3."""

    responses: str
    lines: tuple[str, ...]  # question, value and seconds, as COPY reads them
    total: int | None
    areas: str
    category: str | None
    qualities: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """An assessment: its line, and which set of answers it gave."""

    id: str
    session_id: str
    line: str
    given: int | None  # place in `DemoRows.sets`; None: not finished
    created_at: datetime
    left_at: int | None  # the step at which it was given up
    open_at: int | None  # the step at which its session, which is still open, stands
    is_open: bool  # a lead whose contact details are stored
    consent: str  # line of what they said about being contacted, '' for nothing


COLUMNS = (
    *("id", "session_id", "version_id", "created_at", "updated_at", "completed_at", "responses"),
    *("total_score", "score_breakdown", "score_category", "completion_time_seconds", "browser_info"),
    *("referrer_source", "utm", "language", "lead_quality", "qualified_for_briefing", "contact_depth"),
    *("hubspot_sync_status", "hubspot_sync_attempts", "email_delivery_status", "email_delivery_attempts"),
    *("variants", "last_step"),
    *(
        "email_scrubbed_at",
        "address_checked_at",
        "contact_choice",
        "email",
        "first_name",
        "last_name",
        "company",
        "phone",
    ),
)


CONSENT_COLUMNS = (
    *("address_hash", "scope", "purpose", "given", "text", "text_version", "source", "recorded_at"),
)


class DemoRows:
    """Generates assessments of one published version. The same seed gives the same rows."""

    def __init__(self, version: PublishedVersion, *, seed: int, now: datetime, days: int) -> None:
        self.version, self.now, self.days = version, now, days
        self.stored, self.open_for = retention_period(), session_lifetime()
        self.random = Random(seed)  # noqa: S311  # no secret
        self.seed = seed
        self.sets = [answers_of(version.definition, self.random) for _ in range(SETS_OF_ANSWERS)]
        self.sources = [(text(referrer), text(json.dumps(utm))) for _, referrer, utm in people.SOURCES]
        self.source_shares = list(accumulate(share for share, *_ in people.SOURCES))
        self.devices = [text(json.dumps(device)) for _, device in people.DEVICES]
        self.device_shares = list(accumulate(share for share, _ in people.DEVICES))
        number = text_version(Purpose.FOLLOW_UP, version.id)
        self.consent_texts = {
            language: (text(consent_text(Purpose.FOLLOW_UP, language, version=version.id)), number)
            for language in PHONES
        }

    def rows(self, first: int, count: int) -> Iterator[Row]:
        for number in range(first, first + count):
            yield self.row(number)

    def moment(self) -> datetime:
        """A moment of the past: more of late than long ago, and in the hours in which people work."""
        random = self.random
        back = int(self.days * random.random() ** 1.6)
        day = self.now - timedelta(days=back)
        if random.random() * max(people.WEEKDAYS) > people.WEEKDAYS[day.weekday()]:
            day -= timedelta(days=2)
        hour = random.choices(range(24), cum_weights=HOURS)[0]
        found = day.replace(hour=hour, minute=random.randrange(60), second=random.randrange(60))
        return min(found, self.now - timedelta(minutes=random.randrange(1, 600)))

    def row(self, number: int) -> Row:
        random = self.random
        place = random.randrange(SETS_OF_ANSWERS)
        answers = self.sets[place]
        created, key = self.moment(), str(uuid.UUID(int=random.getrandbits(128), version=4))
        variant = random.choice(tuple(WORDINGS)) if is_running(created, self.now) else None
        finished = random.random() < FINISHED + (MORE_FINISH if variant == QUESTION else 0)
        step = None if finished else random.randrange(self.version.definition.total_steps)
        is_in_progress = not finished and created > self.now - self.open_for
        left_at, open_at = (None, step) if is_in_progress else (step, None)
        seconds = int(min(1700, random.lognormvariate(6.1, 0.4)))
        completed = created + timedelta(seconds=seconds)
        depth = random.choices(range(4), cum_weights=DEPTHS)[0] if finished else 0
        quality = answers.qualities[depth]
        said = random.choices(SAYINGS, cum_weights=SAID)[0]
        is_past = created < self.now - self.stored
        language = "de" if random.random() < 0.55 else "en"
        end = text(completed.isoformat()) if finished else NULL
        session_id = f"{MARK}{self.seed}-{number}"
        cells = (
            *(key, session_id),
            str(self.version.id),
            created.isoformat(),
            (completed if finished else created).isoformat(),
            end,
            answers.responses if finished else "{}",
            str(answers.total) if finished and answers.total is not None else NULL,
            answers.areas if finished else NULL,
            text(answers.category) if finished else NULL,
            str(seconds) if finished else NULL,
            *self.origin(),
            language,
            text(quality),
            "t" if quality == "executive_briefing_qualified" else "f",
            str((0, 1, 3, 4)[depth]),
            "synced" if quality else "skipped",
            "0",
            *("skipped", "0"),
            text(json.dumps({KEY: variant} if variant else {})),
            NULL if left_at is None else str(left_at),
            text((created + self.stored).isoformat()) if quality and is_past else NULL,
            end if quality else NULL,
            said if quality and not is_past else NULL,
            *(self.contact(depth, number, language) if quality and not is_past else (NULL,) * 5),
        )
        return Row(
            key,
            session_id,
            "\t".join(cells) + "\n",
            place if finished else None,
            created,
            left_at,
            open_at,
            bool(quality) and not is_past,
            self.consent(said, number, key, completed, language) if quality and not is_past else "",
        )

    def origin(self) -> tuple[str, str, str]:
        """Return device, referrer and campaign."""
        [device] = self.random.choices(self.devices, cum_weights=self.device_shares)
        [(referrer, utm)] = self.random.choices(self.sources, cum_weights=self.source_shares)
        return device, referrer, utm

    def address(self, number: int) -> str:
        return demo_address(f"{MARK}{self.seed}-{number}")

    def consent(self, said: str, number: int, key: str, completed: datetime, language: str) -> str:
        """Who agreed did so in the form, for this assessment; who objected, later, for the address itself."""
        if said == NULL:
            return ""
        address, agreed = self.address(number), said == "t"
        later = completed + timedelta(hours=self.random.randrange(1, 72))
        cells = (
            address_hash(address),
            address_hash(address, uuid.UUID(key)) if agreed else NULL,
            Purpose.FOLLOW_UP,
            said,
            *self.consent_texts[language],
            ConsentSource.STEP if agreed else ConsentSource.PRIVACY_PAGE,
            (completed if agreed else min(later, self.now)).isoformat(),
        )
        return "\t".join(cells) + "\n"

    def contact(self, depth: int, number: int, language: str) -> tuple[str, ...]:
        """Return the five contact fields, encrypted."""
        random = self.random
        first, last = random.choice(people.FIRST_NAMES), random.choice(people.LAST_NAMES)
        values = {"email": self.address(number)}
        if depth >= 2:
            values |= {"first_name": first, "last_name": last, "company": random.choice(people.COMPANIES)}
        if depth >= 3:
            values["phone"] = f"{random.choice(PHONES[language])} {random.randrange(10**6, 10**7)}"
        return tuple(sealed(name, values.get(name)) for name in COLUMNS[-5:])


def demo_address(session_id: str) -> str:
    """The address of the person with this session, who may have left it or not."""
    seed, number, *_ = session_id.removeprefix(MARK).split("-")
    return f"visitor{number}.{seed}@{DOMAIN}"


def answers_of(definition: Definition, random: Random) -> Answers:
    """Answer the choices of a questionnaire as somebody of a certain maturity does."""
    maturity, given = min(0.98, max(0.02, random.gauss(0.45, 0.2))), {}
    for question in definition.questions.values():
        if question.type == "SINGLE_CHOICE" and question.options:
            known = [option for option in question.options if not option.unknown]
            best_first = sorted(known, key=lambda option: -(option.points or 0))
            place = (1 - maturity + random.gauss(0, 0.18)) * (len(best_first) - 1)
            given[question.key] = best_first[min(len(best_first) - 1, max(0, round(place)))].id
    answers = visible(definition, given).answers(given)
    scored = score(definition, answers) if definition.bands else None
    contact = Contact(email="a@b.example")
    depths = (
        Contact(),
        contact,
        replace(contact, first_name="A", last_name="B", company="C"),
        replace(contact, first_name="A", last_name="B", company="C", phone="1"),
    )
    total = scored.total if scored else None
    qualities = [lead_quality(depth, total, definition.qualification, answers) for depth in depths]
    return Answers(
        responses=text(json.dumps(answers)),
        lines=tuple(answer_line(definition, key, value, random) for key, value in answers.items()),
        total=total,
        areas=text(json.dumps(dict(scored.areas))) if scored else NULL,
        category=scored.category if scored else None,
        qualities=tuple(quality.value if quality else None for quality in qualities),
    )


def answer_line(definition: Definition, key: str, value: Any, random: Random) -> str:
    question = definition.questions[key]
    stored = type_of(question).to_response(value) if question.type in TYPES else {"value": value}
    return f"{text(key)}\t{text(json.dumps(stored))}\t{random.randrange(5, 60)}\n"


def text(value: str | None) -> str:
    """Return a value as COPY reads it."""
    if value is None:
        return NULL
    return value.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")


def sealed(column: str, value: str | None) -> str:
    if value is None:
        return NULL
    return text(key_ring().encrypt(column, value, searchable=column == "email"))
