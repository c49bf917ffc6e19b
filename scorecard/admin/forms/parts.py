"""The forms of the questionnaire's own texts, of pages, areas, bands and rules."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from scorecard.admin.forms.fields import (
    LinesField,
    LongField,
    PartForm,
    ShortField,
    UnsaidField,
    Values,
    WholeField,
    YesField,
    write_at,
)
from scorecard.constraints import valid_key
from scorecard.definition import LEVELS

ADDRESS = (
    ("", _("As the installation is set")),
    ("before_result", _("Before the result")),
    ("on_result", _("On the result")),
    ("never", _("Never")),
)


QUALIFIED = _(
    "Who is offered a briefing. Lines below ask about answers. Without all three the product's rule holds."
)


class NewPartForm(PartForm):
    """A part with a key, which is chosen when it is added and never changes."""

    key = forms.CharField(
        label=_("Key"),
        max_length=50,
        required=False,
        validators=[valid_key],
        help_text=_("Names it in answers and figures for ever. Leave it empty to have it made of the text."),
    )

    @property
    def title(self) -> str:
        """The text of which a key can be made."""
        return str(self.cleaned_data.get("text") or self.cleaned_data.get("name") or "")


class NewSectionForm(NewPartForm):
    name = ShortField(label=_("Name"), required=True)
    field_order: tuple[str, ...] = ("name", "key")


class NewBandForm(NewSectionForm):
    min_score = WholeField(label=_("From"), required=True, min_value=0, max_value=100)
    max_score = WholeField(label=_("To"), required=True, min_value=0, max_value=100)
    field_order = ("name", "min_score", "max_score", "key")


class TextsForm(PartForm):
    headings: ClassVar[Mapping[str, Any]] = {
        "one_question_per_page": _("How it is asked"),
        "landing__headline": _("Landing page"),
        "result__title": _("Result"),
        "consents__result": _("Words of the consents"),
        "qualification__total_under": _("Who qualifies for a briefing"),
        "hubspot__prefix": "HubSpot",
    }
    name = ShortField(label=_("Name"), required=True)
    description = LongField(label=_("Description"), rows=3)
    estimated_time = WholeField(label=_("Minutes to answer"), min_value=1, max_value=600)
    language = ShortField(
        label=_("Language"), max_length=10, help_text=_("The language of these texts: a code such as en.")
    )
    industry = ShortField(label=_("Industry"), max_length=100)
    tags = LinesField(label=_("Tags"), help_text=_("One to a line."))
    one_question_per_page = YesField(label=_("One question per page"))
    ask_address = forms.ChoiceField(label=_("Ask for the e-mail address"), choices=ADDRESS, required=False)
    landing__headline = ShortField(label=_("Headline"))
    landing__for_whom = LongField(label=_("For whom"))
    landing__about = LongField(label=_("Who stands behind it"))
    landing__benefits = LinesField(label=_("What you get"), help_text=_("One to a line."))
    landing__start = ShortField(label=_("Button"), max_length=60)
    result__title = ShortField(label=_("Title"), help_text=_("For a questionnaire without a score."))
    result__text = LongField(label=_("Text"))
    consents__result = LongField(label=_("Result by e-mail"))
    consents__follow_up = LongField(label=_("Follow-up"))
    consents__marketing = LongField(label=_("News"))
    qualification__total_under = WholeField(
        label=_("Under this total"), min_value=0, max_value=101, help_text=QUALIFIED
    )
    qualification__details = UnsaidField(
        label=_("Whoever gives all contact details"),
        choices=(("", _("Yes, as long as nothing is said")), ("yes", _("Yes")), ("no", _("No"))),
    )
    hubspot__prefix = ShortField(
        label=_("Begin of the names of its own properties"),
        max_length=40,
        help_text=_("Keeps the results of several questionnaires of one person apart."),
    )
    hubspot__lead_source = ShortField(label=_("Source of the lead"))
    hubspot__deal_name = ShortField(
        label=_("Name of the deal"),
        help_text=_("It may hold {company}, {score}, {category} and {questionnaire}."),
    )
    hubspot__score = ShortField(label=_("Property of the total"), max_length=100)
    hubspot__category = ShortField(label=_("Property of the category"), max_length=100)

    def write(self, part: Values) -> None:
        super().write(part)
        part.setdefault("description", "")
        part.setdefault("estimated_time", None)


class SectionForm(PartForm):
    """A page. `recommendations__high__title` and the others are the advice by level."""

    headings: ClassVar[Mapping[str, Any]] = {
        "weight": _("Score"),
        "recommendations__high__title": _("Advice for a low score (high priority)"),
        "recommendations__medium__title": _("Advice for a middling score (medium priority)"),
        "recommendations__low__title": _("Advice for a good score (low priority)"),
    }
    name = ShortField(label=_("Name"), required=True)
    description = LongField(label=_("Description"))
    weight = forms.DecimalField(
        label=_("Weight"),
        min_value=0,
        max_value=1,
        max_digits=5,
        decimal_places=4,
        required=False,
        help_text=_("0.25 is a quarter of the total. All weights sum to 1; what weighs 0 is not scored."),
    )
    icon = ShortField(label=_("Icon"), max_length=50)
    estimated_time = WholeField(label=_("Minutes to answer"), min_value=1, max_value=600)
    area = ShortField(
        label=_("Score it in another area"), max_length=50, help_text=_("The key of a page or area.")
    )
    hubspot_property = ShortField(label=_("HubSpot property of the score"), max_length=100)
    levels__high_under = WholeField(label=_("High priority under"), min_value=0, max_value=100)
    levels__low_over = WholeField(label=_("Low priority over"), min_value=0, max_value=100)

    def __init__(self, *args: Any, part: Values | None = None, **options: Any) -> None:
        super().__init__(*args, part=part, **options)
        for level in LEVELS:
            for name, field in (
                ("title", ShortField(label=_("Title"))),
                ("description", LongField(label=_("Text"))),
                ("action_items", LinesField(label=_("Actions"), help_text=_("One to a line."))),
            ):
                self.fields[f"recommendations__{level}__{name}"] = field
                found = ((part or {}).get("recommendations") or {}).get(level) or {}
                self.initial.setdefault(f"recommendations__{level}__{name}", found.get(name))

    def write(self, part: Values) -> None:
        super().write(part)
        part.setdefault("description", "")
        part["weight"] = self.cleaned_data["weight"] or 0
        for found in (part.get("recommendations") or {}).values():
            found.setdefault("title", "")
            found.setdefault("description", "")
            found.setdefault("action_items", [])


class AreaForm(SectionForm):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("icon", "estimated_time", "area"):
            del self.fields[name]


class BandForm(PartForm):
    headings: ClassVar[Mapping[str, Any]] = {"call_to_action__title": _("Call to action")}
    name = ShortField(label=_("Name"), required=True)
    min_score = WholeField(label=_("From"), required=True, min_value=0, max_value=100)
    max_score = WholeField(label=_("To"), required=True, min_value=0, max_value=100)
    message = LongField(label=_("Message"), rows=3)
    next_steps = LinesField(label=_("Next steps"), help_text=_("One to a line."))
    color = ShortField(label=_("Colour"), max_length=7, help_text=_("Such as #0a7d4f."))
    call_to_action__title = ShortField(label=_("Title"))
    call_to_action__text = LongField(label=_("Text"))
    call_to_action__label = ShortField(label=_("Button"))
    call_to_action__link = ShortField(
        label=_("Link"), max_length=500, help_text=_("https://…, mailto:…, tel:… or /…")
    )

    def write(self, part: Values) -> None:
        super().write(part)
        part.setdefault("message", "")
        part.setdefault("next_steps", [])
        part.update({name: self.cleaned_data[name] for name in ("min_score", "max_score")})
        if call := part.get("call_to_action"):
            for name in ("title", "label", "link"):
                call.setdefault(name, "")


class RuleForm(PartForm):
    """What a rule does, to what; its condition is another form."""

    action = forms.ChoiceField(
        label=_("Action"),
        choices=(
            ("SHOW", _("Show")),
            ("HIDE", _("Hide")),
            ("REQUIRE", _("Require an answer")),
            ("UNREQUIRE", _("Do not require an answer")),
        ),
    )
    targets = forms.MultipleChoiceField(label=_("Questions and pages that it is about"))
    priority = forms.IntegerField(
        label=_("Priority"),
        required=False,
        help_text=_("Of the rules that apply the highest decides, of equal ones the last."),
    )

    def __init__(self, *args: Any, targets: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["targets"].choices = targets  # type: ignore[attr-defined]  # of a choice field
        self.fields["targets"].widget.attrs["size"] = min(12, len(targets))

    def write(self, part: Values) -> None:
        write_at(part, ["priority"], self.cleaned_data["priority"])
        part.update(action=self.cleaned_data["action"], targets=self.cleaned_data["targets"])
