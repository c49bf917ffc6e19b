"""A published questionnaire as an immutable value: the input of the form and of scoring."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from types import MappingProxyType
from typing import Any, cast

from scorecard.conditions import Condition, Rule
from scorecard.plain_values import to_plain

SINGLE_CHOICE = "SINGLE_CHOICE"
CHOICES = frozenset({SINGLE_CHOICE, "MULTIPLE_CHOICE", "SCALE", "MATRIX"})  # without free text
LEVELS = ("high", "medium", "low")


@dataclass(frozen=True, slots=True)
class Option:
    """An answer to choose, or a column of a matrix."""

    id: str
    label: str
    description: str
    points: int | None
    icon: str = ""
    value: Any = None  # what the option stands for in other systems: text, a number, true or false
    exclusive: bool = False  # cannot be combined with others
    order: int | None = None  # place in the list; without it, as written
    unknown: bool = False  # "I don't know": takes its question out of the score
    advice: str = ""  # what to do for those who chose it
    skip_if: Condition | None = None  # leaves out the advice


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a matrix."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class Scale:
    """The ratings from `min` to `max`; `labels` names some of them, by rating as text."""

    min: int = 1
    max: int = 5
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PointRange:
    """The points of numbers from `min` to `max`, inclusive; None: without limit."""

    points: int
    min: float | None = None
    max: float | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An answer that the author suggests, with the reason."""

    value: Any
    reason: str = ""
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Question:
    key: str
    text: str
    help_text: str
    explanation: str
    type: str
    is_required: bool
    options: tuple[Option, ...]
    personal: bool | None = None  # None: depends on the type
    scored: bool | None = None  # None: if it has points
    placeholder: str = ""
    validation: Mapping[str, Any] = field(default_factory=dict)
    visible_if: Condition | None = None
    rows: tuple[Row, ...] = ()
    columns: tuple[Option, ...] = ()
    scale: Scale | None = None
    points: tuple[PointRange, ...] = ()
    default: Any = None
    suggested: Suggestion | None = None
    area: str = ""  # the area in which it is scored; "": its section's
    hubspot_property: str = ""
    industry_tags: tuple[str, ...] = ()
    audience: str = ""  # who can answer it best, in words
    shuffle: bool = False  # options in an order of their own for each assessment

    @property
    def is_personal(self) -> bool:
        """Whether answers may identify the respondent: true of free text, unless the author overrides it."""
        return self.type not in CHOICES if self.personal is None else self.personal

    def option(self, id: object) -> Option | None:
        for option in self.options:  # the hottest loop of the product: a generator takes three times as long
            if option.id == id:
                return option
        return None


@dataclass(frozen=True, slots=True)
class Recommendation:
    section: str
    level: str
    title: str
    description: str
    action_items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Levels:
    """The limits of an area's levels: under `high_under` high priority, over `low_over` low."""

    high_under: int = 50
    low_over: int = 70

    def of(self, score: int) -> str:
        if score < self.high_under:
            return "high"
        return "low" if score > self.low_over else "medium"


@dataclass(frozen=True, slots=True)
class Section:
    """One step of the form and one area of the score; of weight 0: without a score."""

    key: str
    name: str
    description: str
    weight: Decimal
    questions: tuple[Question, ...]
    recommendations: tuple[Recommendation, ...]
    icon: str = ""
    estimated_time: int | None = None  # minutes
    visible_if: Condition | None = None
    levels: Levels = Levels()
    area: str = ""  # the area in which its questions are scored; "": its own
    hubspot_property: str = ""


@dataclass(frozen=True, slots=True)
class CallToAction:
    """What to do next; without a link, the ways to reach the operator that the settings name."""

    title: str
    text: str = ""
    label: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Band:
    """A score category: totals from `min_score` to `max_score`, inclusive."""

    key: str
    name: str
    min_score: int
    max_score: int
    message: str
    next_steps: tuple[str, ...]
    color: str = ""  # #rrggbb
    call_to_action: CallToAction | None = None


@dataclass(frozen=True, slots=True)
class Landing:
    """The texts of the landing page; '' or () leaves them to the product."""

    headline: str = ""
    for_whom: str = ""
    about: str = ""
    benefits: tuple[str, ...] = ()
    start: str = ""  # the label of the button


@dataclass(frozen=True, slots=True)
class ResultTexts:
    """Texts of the result page, which is the last page of a questionnaire without a score."""

    title: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Qualification:
    """Which leads are qualified for a briefing: by total, by answers, or both joined by AND."""

    total_under: int | None = None
    details: bool = True  # all contact details qualify, whatever the total
    when: Condition | None = None


@dataclass(frozen=True, slots=True)
class HubSpotProperties:
    """The contact properties that receive the result, and what a lead and its deal are called there."""

    prefix: str = ""  # names a property for each part of the result: PREFIX_score
    score: str = ""
    category: str = ""
    areas: Mapping[str, str] = field(default_factory=dict)  # area key -> property
    lead_source: str = ""
    deal_name: str = ""  # may hold {company}, {score}, {category} and {questionnaire}


@dataclass(frozen=True, slots=True)
class Translation:
    """The texts in another language, as a tree of keys like the file they come from, with texts as leaves."""

    language: str
    texts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Definition:
    key: str
    name: str
    description: str
    estimated_time: int  # minutes
    sections: tuple[Section, ...]
    bands: tuple[Band, ...]  # (): without a score
    language: str = ""  # of the source texts; "": not specified
    translations: tuple[Translation, ...] = ()
    rules: tuple[Rule, ...] = ()
    shared_areas: tuple[Section, ...] = ()  # areas that are no page, without questions of their own
    one_question_per_page: bool = False
    ask_address: str = ""  # before_result, on_result or never; "": as the installation is set
    industry: str = ""
    tags: tuple[str, ...] = ()
    landing: Landing = Landing()
    result: ResultTexts = ResultTexts()
    consents: Mapping[str, str] = field(default_factory=dict)  # purpose -> text
    qualification: Qualification | None = None  # None: as the product has it
    hubspot: HubSpotProperties = HubSpotProperties()

    questions: Mapping[str, Question] = field(init=False, repr=False, compare=False)
    pages: tuple[Section, ...] = field(init=False, repr=False, compare=False)
    areas: tuple[Section, ...] = field(init=False, repr=False, compare=False)
    memo: dict[str, Any] = field(init=False, repr=False, compare=False, default_factory=dict)  # visibility's

    def __post_init__(self) -> None:
        in_order = {question.key: question for section in self.sections for question in section.questions}
        object.__setattr__(self, "questions", MappingProxyType(in_order))
        object.__setattr__(self, "pages", self._pages())
        object.__setattr__(self, "areas", self._areas())

    def _pages(self) -> tuple[Section, ...]:
        """What is asked together: a section, or a question of it."""
        if not self.one_question_per_page:
            return self.sections
        return tuple(
            replace(section, questions=(question,))
            for section in self.sections
            for question in section.questions
        )

    def _areas(self) -> tuple[Section, ...]:
        """What is scored together: the sections, then the shared areas, each with the questions it counts."""
        moved = any(section.area or any(q.area for q in section.questions) for section in self.sections)
        if not moved and not self.shared_areas:
            return self.sections
        counted: dict[str, list[Question]] = {}
        for section in self.sections:
            for question in section.questions:
                counted.setdefault(question.area or section.area or section.key, []).append(question)
        return tuple(
            replace(area, questions=tuple(counted.get(area.key, ())))
            for area in (*self.sections, *self.shared_areas)
        )

    @property
    def has_score(self) -> bool:
        return bool(self.bands)

    @property
    def personal_questions(self) -> tuple[str, ...]:
        """The keys of the questions whose answers are personal data, to be erased with the respondent."""
        found: tuple[str, ...] | None = self.memo.get("personal_questions")
        if found is None:
            found = tuple(key for key, question in self.questions.items() if question.is_personal)
            self.memo["personal_questions"] = found
        return found

    @property
    def total_steps(self) -> int:
        return len(self.pages)

    def band(self, key: str) -> Band:
        """The band with this key. Raises LookupError if there is none."""
        for band in self.bands:
            if band.key == key:
                return band
        raise LookupError(f"The questionnaire {self.key} has no score band {key!r}.")

    def band_of(self, total: int) -> Band:
        """The band of a total of 0-100. Raises LookupError in a gap, which publishing rejects."""
        for band in self.bands:
            if band.min_score <= total <= band.max_score:
                return band
        raise LookupError(f"The questionnaire {self.key} has no score band for {total}.")


def freeze(definition: Definition) -> dict[str, Any]:
    """Serialise the definition to JSON values, each field under its own name; weights are exact strings.

    Fields with their default value are omitted, so that a field added later does not change checksums.
    """
    return cast(dict[str, Any], to_plain(definition))


def parse(data: Mapping[str, Any]) -> Definition:
    """Deserialise what `freeze` wrote. Raises KeyError or TypeError on any other input."""
    return Definition(
        **{name: value for name, value in data.items() if name not in PARTS}
        | {name: read(data[name]) for name, read in PARTS.items() if name in data}
    )


def _parse_section(data: Mapping[str, Any]) -> Section:
    return Section(
        **{
            **data,
            "weight": Decimal(data["weight"]),
            "questions": tuple(_parse_question(item) for item in data["questions"]),
            "recommendations": tuple(
                Recommendation(**item | {"action_items": tuple(item["action_items"])})
                for item in data["recommendations"]
            ),
            "visible_if": _parse_condition(data.get("visible_if")),
            "levels": Levels(**data.get("levels", {})),
        }
    )


def _parse_question(data: Mapping[str, Any]) -> Question:
    return Question(
        **{
            **data,
            "options": _parse_options(data["options"]),
            "columns": _parse_options(data.get("columns", ())),
            "rows": tuple(Row(**item) for item in data.get("rows", ())),
            "scale": Scale(**data["scale"]) if "scale" in data else None,
            "points": tuple(PointRange(**item) for item in data.get("points", ())),
            "suggested": Suggestion(**data["suggested"]) if "suggested" in data else None,
            "visible_if": _parse_condition(data.get("visible_if")),
            "industry_tags": tuple(data.get("industry_tags", ())),
        }
    )


def _parse_options(items: Any) -> tuple[Option, ...]:
    return tuple(Option(**item | {"skip_if": _parse_condition(item.get("skip_if"))}) for item in items)


def _parse_condition(data: Mapping[str, Any] | None) -> Condition | None:
    if data is None:
        return None
    nested = tuple(found for item in data.get("nested", ()) if (found := _parse_condition(item)))
    return Condition(**{**data, "nested": nested})


def _parse_rule(data: Mapping[str, Any]) -> Rule:
    return Rule(**{**data, "when": _parse_condition(data["when"]), "targets": tuple(data["targets"])})


def _parse_band(data: Mapping[str, Any]) -> Band:
    call = data.get("call_to_action")
    return Band(
        **{
            **data,
            "next_steps": tuple(data["next_steps"]),
            "call_to_action": CallToAction(**call) if call else None,
        }
    )


PARTS: Mapping[str, Any] = {
    "sections": lambda items: tuple(_parse_section(item) for item in items),
    "shared_areas": lambda items: tuple(_parse_section(item) for item in items),
    "bands": lambda items: tuple(_parse_band(item) for item in items),
    "translations": lambda items: tuple(Translation(**item) for item in items),
    "rules": lambda items: tuple(_parse_rule(item) for item in items),
    "tags": tuple,
    "landing": lambda data: Landing(**{**data, "benefits": tuple(data.get("benefits", ()))}),
    "result": lambda data: ResultTexts(**data),
    "qualification": lambda data: Qualification(**{**data, "when": _parse_condition(data.get("when"))}),
    "hubspot": lambda data: HubSpotProperties(**data),
}
