"""A published questionnaire as an immutable value: the input of the form and of scoring."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Any, cast

SINGLE_CHOICE = "SINGLE_CHOICE"
CHOICES = frozenset({SINGLE_CHOICE, "MULTIPLE_CHOICE", "SCALE", "MATRIX"})  # without free text
LEVELS = ("high", "medium", "low")


@dataclass(frozen=True, slots=True)
class Option:
    id: str
    label: str
    description: str
    points: int | None


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

    @property
    def is_personal(self) -> bool:
        """Whether answers may identify the respondent: true of free text, unless the author overrides it."""
        return self.type not in CHOICES if self.personal is None else self.personal

    def option(self, id: str) -> Option | None:
        return next((option for option in self.options if option.id == id), None)

    @property
    def attainable(self) -> int:
        """The maximum points of an answer; 0 for a question that is not scored."""
        return max((option.points or 0 for option in self.options), default=0)


@dataclass(frozen=True, slots=True)
class Recommendation:
    section: str
    level: str
    title: str
    description: str
    action_items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """One step of the form and one area of the score."""

    key: str
    name: str
    description: str
    weight: Decimal
    questions: tuple[Question, ...]
    recommendations: tuple[Recommendation, ...]


@dataclass(frozen=True, slots=True)
class Band:
    """A score category: totals from `min_score` to `max_score`, inclusive."""

    key: str
    name: str
    min_score: int
    max_score: int
    message: str
    next_steps: tuple[str, ...]


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
    bands: tuple[Band, ...]
    language: str = ""  # of the source texts; "": not specified
    translations: tuple[Translation, ...] = ()
    questions: Mapping[str, Question] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        in_order = {question.key: question for section in self.sections for question in section.questions}
        object.__setattr__(self, "questions", MappingProxyType(in_order))

    @property
    def personal_questions(self) -> tuple[str, ...]:
        """The keys of the questions whose answers are personal data, to be erased with the respondent."""
        return tuple(key for key, question in self.questions.items() if question.is_personal)

    @property
    def total_steps(self) -> int:
        return len(self.sections)

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
    return cast(dict[str, Any], _plain(definition))


def parse(data: Mapping[str, Any]) -> Definition:
    """Deserialise what `freeze` wrote. Raises KeyError or TypeError on any other input."""
    own = {name: data[name] for name in ("key", "name", "description", "estimated_time")}
    return Definition(
        **own,
        language=data.get("language", ""),
        translations=tuple(Translation(**item) for item in data.get("translations", ())),
        sections=tuple(_parse_section(item) for item in data["sections"]),
        bands=tuple(Band(**item | {"next_steps": tuple(item["next_steps"])}) for item in data["bands"]),
    )


def _parse_section(data: dict[str, Any]) -> Section:
    nested = {
        "weight": Decimal(data["weight"]),
        "questions": tuple(_parse_question(item) for item in data["questions"]),
        "recommendations": tuple(
            Recommendation(**item | {"action_items": tuple(item["action_items"])})
            for item in data["recommendations"]
        ),
    }
    return Section(**data | nested)


def _parse_question(data: dict[str, Any]) -> Question:
    return Question(**data | {"options": tuple(Option(**item) for item in data["options"])})


def _plain(value: object) -> object:
    if is_dataclass(value):
        found = {field: getattr(value, field.name) for field in fields(value) if field.init}
        return {field.name: _plain(said) for field, said in found.items() if said != field.default}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return str(value) if isinstance(value, Decimal) else value
