"""The schema of a questionnaire document, which both YAML files and the draft rows are read into.

The schema defines keys and types. Semantic rules, such as weights that sum to 1, are checked on publishing:
see `scorecard.validation`.
"""

import re
from decimal import Decimal
from typing import Annotated, Any, Self

from django.conf.locale import LANG_INFO
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    StringConstraints,
    model_validator,
)
from pydantic_core import PydanticCustomError

from scorecard.constraints import KEY
from scorecard.definition import Band, Definition, Option, Question, Recommendation, Section, Translation
from scorecard.models import QuestionType

LANGUAGES = frozenset(LANG_INFO)  # codes known to Django
QUESTION_COLUMNS = {  # of a draft question, by name in the document; the key identifies the row
    "text": "text",
    "help_text": "help_text",
    "explanation": "explanation",
    "type": "type",
    "required": "is_required",
    "personal": "is_personal",
    "options": "options",
}


def _storable(text: str) -> str:
    if any(ord(character) < 32 and character not in "\n\t" for character in text):
        raise PydanticCustomError("control_character", "holds a control character")
    return text


def _key(text: str) -> str:
    if not re.fullmatch(KEY, text):
        raise PydanticCustomError("key", "must be small letters, digits and underscores, a letter first")
    return text


def _option_id(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_-]+", text):
        raise PydanticCustomError("option_id", "must be letters, digits, hyphens and underscores")
    return text


def _language(code: str) -> str:
    if code and code not in LANGUAGES:
        raise PydanticCustomError("language", "must be the code of a language, such as de or pt-br")
    return code


def _exact(value: object) -> object:
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value


Text = Annotated[str, StringConstraints(strict=True, strip_whitespace=True), AfterValidator(_storable)]
Name = Annotated[Text, Field(max_length=255)]
Key = Annotated[str, StringConstraints(strict=True, max_length=50), AfterValidator(_key)]
OptionId = Annotated[str, StringConstraints(strict=True, max_length=50), AfterValidator(_option_id)]
Language = Annotated[str, StringConstraints(strict=True), AfterValidator(_language)]  # "": not specified
ScorePoint = Annotated[StrictInt, Field(ge=0, le=100)]
Weight = Annotated[Decimal, BeforeValidator(_exact), Field(strict=True, ge=0, le=1, decimal_places=4)]


class _Content(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class OptionContent(_Content):
    id: OptionId
    label: Annotated[Text, Field(max_length=500)]
    description: Annotated[Text, Field(max_length=1000)] = ""
    points: Annotated[StrictInt, Field(ge=0, le=10_000)] | None = None

    def definition(self) -> Option:
        return Option(id=self.id, label=self.label, description=self.description, points=self.points)


class QuestionContent(_Content):
    key: Key
    text: Text
    help_text: Text = ""
    explanation: Text = ""
    type: QuestionType
    required: StrictBool = False
    personal: StrictBool | None = None
    options: list[OptionContent] = []

    def definition(self) -> Question:
        return Question(
            key=self.key,
            text=self.text,
            help_text=self.help_text,
            explanation=self.explanation,
            type=self.type.value,
            is_required=self.required,
            personal=self.personal,
            options=tuple(option.definition() for option in self.options),
        )


class RecommendationContent(_Content):
    title: Name
    description: Text
    action_items: list[Text]


class RecommendationsContent(_Content):
    high: RecommendationContent | None = None
    medium: RecommendationContent | None = None
    low: RecommendationContent | None = None

    def by_level(self) -> dict[str, RecommendationContent]:
        return {level: content for level, content in self if content is not None}


class SectionContent(_Content):
    key: Key
    name: Name
    description: Text
    weight: Weight
    questions: list[QuestionContent]
    recommendations: RecommendationsContent

    def definition(self) -> Section:
        return Section(
            key=self.key,
            name=self.name,
            description=self.description,
            weight=self.weight,
            questions=tuple(question.definition() for question in self.questions),
            recommendations=tuple(
                Recommendation(
                    section=self.key,
                    level=level,
                    title=content.title,
                    description=content.description,
                    action_items=tuple(content.action_items),
                )
                for level, content in self.recommendations.by_level().items()
            ),
        )


class BandContent(_Content):
    key: Key
    name: Name
    min_score: ScorePoint
    max_score: ScorePoint
    message: Text
    next_steps: list[Text]

    @model_validator(mode="after")
    def _starts_before_it_ends(self) -> Self:
        if self.min_score > self.max_score:
            raise PydanticCustomError("range", "starts above its end")
        return self

    def definition(self) -> Band:
        return Band(**self.model_dump() | {"next_steps": tuple(self.next_steps)})


class QuestionnaireContent(_Content):
    key: Key
    name: Name
    description: Text
    estimated_time: Annotated[StrictInt, Field(ge=1, le=600)] | None  # minutes
    sections: list[SectionContent]
    bands: list[BandContent]
    language: Language = ""
    translations: dict[str, dict[str, Any]] = {}  # language -> texts, checked by scorecard.validation

    def definition(self) -> Definition:
        return Definition(
            key=self.key,
            name=self.name,
            description=self.description,
            estimated_time=self.estimated_time or 0,
            sections=tuple(section.definition() for section in self.sections),
            bands=tuple(band.definition() for band in self.bands),
            language=self.language,
            translations=tuple(Translation(code, tree) for code, tree in sorted(self.translations.items())),
        )
