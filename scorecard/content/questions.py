"""The schema of a question in a questionnaire document, with its options, conditions and rules."""

from typing import Annotated, Literal

from pydantic import Field, StrictBool, StrictInt

from scorecard.conditions import Condition, Rule
from scorecard.content.fields import Content, Entry, Json, Key, Name, Number, OptionId, Property, Text
from scorecard.definition import Option, PointRange, Question, Row, Scale, Suggestion
from scorecard.models import QuestionType


class ConditionContent(Content):
    field: Annotated[Text, Field(max_length=101)]
    operator: Text
    value: Json = None
    logical_op: Annotated[Text, Field(alias="logicalOp")] = "AND"
    nested: list["ConditionContent"] = []

    def definition(self) -> Condition:
        nested = tuple(condition.definition() for condition in self.nested)
        return Condition(self.field, self.operator, self.value, self.logical_op, nested)


class RuleContent(Content):
    when: ConditionContent
    action: Text
    targets: list[Key]
    priority: StrictInt = 0

    def definition(self) -> Rule:
        return Rule(self.when.definition(), self.action, tuple(self.targets), self.priority)


def condition_of(content: ConditionContent | None) -> Condition | None:
    return content.definition() if content else None


class OptionContent(Content):
    id: OptionId
    label: Annotated[Text, Field(max_length=500)]
    description: Annotated[Text, Field(max_length=1000)] = ""
    points: Annotated[StrictInt, Field(ge=0, le=10_000)] | None = None
    icon: Annotated[Text, Field(max_length=50)] = ""
    value: Json = None
    exclusive: StrictBool = False
    order: StrictInt | None = None
    unknown: StrictBool = False
    advice: Annotated[Text, Field(max_length=2000)] = ""
    skip_if: ConditionContent | None = None

    def definition(self) -> Option:
        return Option(
            **self.model_dump(exclude={"skip_if"}),
            skip_if=condition_of(self.skip_if),
        )


class RowContent(Content):
    id: OptionId
    label: Annotated[Text, Field(max_length=500)]

    def definition(self) -> Row:
        return Row(self.id, self.label)


class ScaleContent(Content):
    min: StrictInt = 1
    max: StrictInt = 5
    labels: dict[Entry, Annotated[Text, Field(max_length=100)]] = {}


class PointsContent(Content):
    points: Annotated[StrictInt, Field(ge=0, le=10_000)]
    min: Number | None = None
    max: Number | None = None


class SuggestionContent(Content):
    value: Json
    reason: Annotated[Text, Field(max_length=500)] = ""
    confidence: Number | None = None


class QuestionContent(Content):
    key: Key
    text: Text
    help_text: Text = ""
    explanation: Text = ""
    type: QuestionType
    required: StrictBool = False
    personal: StrictBool | None = None
    options: list[OptionContent] = []
    scored: StrictBool | None = None
    placeholder: Name = ""
    validation: dict[Entry, Json] = {}
    visible_if: ConditionContent | None = None
    rules: list[RuleContent] = []
    rows: list[RowContent] = []
    columns: list[OptionContent] = []
    scale: ScaleContent | None = None
    points: list[PointsContent] = []
    default: Json = None
    suggested: SuggestionContent | None = None
    area: Key | Literal[""] = ""
    hubspot_property: Property = ""
    industry_tags: list[Annotated[Text, Field(max_length=50)]] = []
    audience: Annotated[Text, Field(max_length=60)] = ""
    shuffle: StrictBool = False

    def definition(self) -> Question:
        return Question(
            key=self.key,
            text=self.text,
            help_text=self.help_text,
            explanation=self.explanation,
            type=self.type.value,
            is_required=self.required,
            personal=self.personal,
            options=numbered_options(self.options),
            scored=self.scored,
            placeholder=self.placeholder,
            validation=self.validation,
            visible_if=condition_of(self.visible_if),
            rows=tuple(row.definition() for row in self.rows),
            columns=numbered_options(self.columns),
            scale=Scale(**self.scale.model_dump()) if self.scale else None,
            points=tuple(PointRange(**each.model_dump()) for each in self.points),
            default=self.default,
            suggested=Suggestion(**self.suggested.model_dump()) if self.suggested else None,
            area=self.area,
            hubspot_property=self.hubspot_property,
            industry_tags=tuple(self.industry_tags),
            audience=self.audience,
            shuffle=self.shuffle,
        )


def numbered_options(options: list[OptionContent]) -> tuple[Option, ...]:
    """The options by their `order`, those without one where they are written."""
    numbered = enumerate(option.definition() for option in options)
    ordered = sorted(numbered, key=lambda item: item[0] if item[1].order is None else item[1].order)
    return tuple(option for _, option in ordered)
