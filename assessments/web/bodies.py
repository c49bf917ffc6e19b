"""The JSON shapes of what the API is sent. Names in camel case; keys we do not know are refused."""

from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from assessments.models import Purpose


class Body(BaseModel):
    """What a request sends. Not ninja's Schema, which wraps every value as a template does."""

    model_config = ConfigDict(extra="forbid", alias_generator=to_camel, populate_by_name=True)


class StartBody(Body):
    """The questionnaire, and where the visitor came from; everything is optional."""

    questionnaire: str = Field("", max_length=50)
    keep_answers: bool = Field(False, description="Begin with the answers of this session that still fit.")
    referrer: str = Field("", max_length=2000)
    utm_source: str = Field("", max_length=200)
    utm_medium: str = Field("", max_length=200)
    utm_campaign: str = Field("", max_length=200)
    utm_term: str = Field("", max_length=200)
    utm_content: str = Field("", max_length=200)


class ContactBody(Body):
    email: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    company: str | None = None
    phone: str | None = None


class ConsentBody(Body):
    """Consents given (true) or withdrawn (false), each with the text that `start` returned."""

    result: bool | None = None
    follow_up: bool | None = None
    marketing: bool | None = None

    @property
    def choices(self) -> dict[Purpose, bool]:
        return {Purpose(name): given for name, given in self.model_dump(exclude_none=True).items()}


class ProgressBody(Body):
    """`step` counts from 1; `responses` maps question keys to answers, null to remove one.

    An answer is the natural JSON of its type: "A", ["A", "C"], 12, "text", "2026-11-28", {"row": "option"}.
    With `assessmentId`, only that assessment is written to: a page of an earlier one gets 404.
    """

    assessment_id: UUID | None = None
    step: int = Field(ge=1, le=1000)
    responses: dict[str, Any] = Field(max_length=500)
    contact: ContactBody | None = None
    consents: ConsentBody | None = None


class SubmitBody(Body):
    """Last answers and contact details may come along; `assessmentId` as in `save-progress`."""

    assessment_id: UUID | None = None
    responses: dict[str, Any] = Field(default_factory=dict, max_length=500)
    contact: ContactBody | None = None
    consents: ConsentBody | None = None


def contact_data(body: ContactBody | None) -> dict[str, str]:
    """The posted fields as form data."""
    return (
        {}
        if body is None
        else {key: value or "" for key, value in body.model_dump(exclude_unset=True).items()}
    )
