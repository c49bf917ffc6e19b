"""The schema of a questionnaire document, which both YAML files and the draft rows are read into.

The schema defines keys and types. Semantic rules, such as weights that sum to 1, are checked on publishing:
see `scorecard.validation`.
"""

from dataclasses import replace
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, StrictBool, StrictInt, model_validator
from pydantic_core import PydanticCustomError

from scorecard.content.fields import (
    Color,
    Content,
    DealName,
    Entry,
    Key,
    Language,
    Link,
    Minutes,
    Name,
    Property,
    ScorePoint,
    Text,
    Tree,
    Weight,
)
from scorecard.content.questions import ConditionContent, QuestionContent, RuleContent, condition_of
from scorecard.definition import (
    Band,
    CallToAction,
    Definition,
    HubSpotProperties,
    Landing,
    Levels,
    Qualification,
    Recommendation,
    ResultTexts,
    Section,
    Translation,
)
from scorecard.problems import Path, Words


class RecommendationContent(Content):
    title: Name
    description: Text
    action_items: list[Text]


class RecommendationsContent(Content):
    high: RecommendationContent | None = None
    medium: RecommendationContent | None = None
    low: RecommendationContent | None = None

    def by_level(self) -> dict[str, RecommendationContent]:
        return {level: content for level, content in self if content is not None}

    def definition(self, area: str) -> tuple[Recommendation, ...]:
        return tuple(
            Recommendation(
                section=area,
                level=level,
                title=content.title,
                description=content.description,
                action_items=tuple(content.action_items),
            )
            for level, content in self.by_level().items()
        )


class LevelsContent(Content):
    high_under: ScorePoint = 50
    low_over: ScorePoint = 70


class AreaContent(Content):
    """What is scored together."""

    key: Key
    name: Name
    description: Text = ""
    weight: Weight = Decimal(0)
    recommendations: RecommendationsContent = RecommendationsContent()
    levels: LevelsContent = LevelsContent()
    hubspot_property: Property = ""

    def area(self) -> Section:
        return Section(
            key=self.key,
            name=self.name,
            description=self.description,
            weight=self.weight,
            questions=(),
            recommendations=self.recommendations.definition(self.key),
            levels=Levels(**self.levels.model_dump()),
            hubspot_property=self.hubspot_property,
        )


class SectionContent(AreaContent):
    """What is asked together, and an area of its own unless `area` names another."""

    questions: list[QuestionContent]
    icon: Annotated[Text, Field(max_length=50)] = ""
    estimated_time: Minutes | None = None
    visible_if: ConditionContent | None = None
    area_key: Annotated[Key | Literal[""], Field(alias="area")] = ""

    def definition(self) -> Section:
        return replace(
            self.area(),
            questions=tuple(question.definition() for question in self.questions),
            icon=self.icon,
            estimated_time=self.estimated_time,
            visible_if=condition_of(self.visible_if),
            area=self.area_key,
        )


class CallToActionContent(Content):
    title: Name
    text: Text = ""
    label: Name = ""
    link: Link | Literal[""] = ""

    @model_validator(mode="after")
    def _links_have_a_label(self) -> Self:
        if bool(self.link) != bool(self.label):
            raise PydanticCustomError("label", Words("label and link belong together: give both, or neither"))
        return self


class BandContent(Content):
    key: Key
    name: Name
    min_score: ScorePoint
    max_score: ScorePoint
    message: Text
    next_steps: list[Text]
    color: Color = ""
    call_to_action: CallToActionContent | None = None

    @model_validator(mode="after")
    def _starts_before_it_ends(self) -> Self:
        if self.min_score > self.max_score:
            raise PydanticCustomError("range", Words("starts above its end"))
        return self

    def definition(self) -> Band:
        call = self.call_to_action
        return Band(
            **self.model_dump(exclude={"next_steps", "call_to_action"}),
            next_steps=tuple(self.next_steps),
            call_to_action=CallToAction(**call.model_dump()) if call else None,
        )


class LandingContent(Content):
    headline: Name = ""
    for_whom: Text = ""
    about: Text = ""
    benefits: list[Text] = []
    start: Annotated[Text, Field(max_length=60)] = ""


class ResultContent(Content):
    title: Name = ""
    text: Text = ""


class ConsentsContent(Content):
    result: Text = ""
    follow_up: Text = ""
    marketing: Text = ""


class QualificationContent(Content):
    total_under: Annotated[StrictInt, Field(ge=0, le=101)] | None = None
    details: StrictBool = True
    when: ConditionContent | None = None


class HubSpotContent(Content):
    prefix: Annotated[Property, Field(max_length=40)] = ""
    score: Property = ""
    category: Property = ""
    areas: dict[Entry, Property] = {}
    lead_source: Name = ""
    deal_name: DealName = ""


class QuestionnaireContent(Content):
    key: Key
    name: Name
    description: Text
    estimated_time: Minutes | None
    sections: list[SectionContent]
    bands: list[BandContent] = []
    language: Language = ""
    translations: dict[str, Tree] = {}  # language -> texts, checked by scorecard.validation
    rules: list[RuleContent] = []
    areas: list[AreaContent] = []
    one_question_per_page: StrictBool = False
    ask_address: Literal["", "before_result", "on_result", "never"] = ""
    industry: Annotated[Text, Field(max_length=100)] = ""
    tags: list[Annotated[Text, Field(max_length=50)]] = []
    landing: LandingContent = LandingContent()
    result: ResultContent = ResultContent()
    consents: ConsentsContent = ConsentsContent()
    qualification: QualificationContent | None = None
    hubspot: HubSpotContent = HubSpotContent()

    def all_rules(self) -> list[tuple[Path, RuleContent]]:
        """The rules with their paths: those of the questionnaire, then those written at questions."""
        return [(("rules", number), rule) for number, rule in enumerate(self.rules)] + [
            (("sections", at, "questions", place, "rules", number), rule)
            for at, section in enumerate(self.sections)
            for place, question in enumerate(section.questions)
            for number, rule in enumerate(question.rules)
        ]

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
            rules=tuple(rule.definition() for _, rule in self.all_rules()),
            shared_areas=tuple(area.area() for area in self.areas),
            one_question_per_page=self.one_question_per_page,
            ask_address=self.ask_address,
            industry=self.industry,
            tags=tuple(self.tags),
            landing=Landing(**self.landing.model_dump() | {"benefits": tuple(self.landing.benefits)}),
            result=ResultTexts(**self.result.model_dump()),
            consents=self.consents.model_dump(exclude_defaults=True),
            qualification=self._qualification(),
            hubspot=HubSpotProperties(**self.hubspot.model_dump()),
        )

    def _qualification(self) -> Qualification | None:
        own = self.qualification
        if own is None:
            return None
        return Qualification(own.total_under, own.details, condition_of(own.when))
