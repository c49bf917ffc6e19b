"""Finished and open assessments for tests, computed by the product's own rules."""

# factory-boy annotates create(), but not its declarations:
# mypy: disable-error-code="no-untyped-call"

import hashlib
import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone
from factory.declarations import LazyAttribute, LazyFunction, Sequence, SubFactory, Trait
from factory.django import DjangoModelFactory

from assessments.models import (
    AddressProof,
    Assessment,
    AssessmentLink,
    AssessmentSession,
    Consent,
    DailyFigure,
    Invitation,
    InvitedAssessment,
    PrivacyLink,
    Response,
    SuppressedAddress,
    Upload,
    ViewBatch,
)
from assessments.models.assessment import SyncStatus
from assessments.models.session import hash_token
from scorecard import versions
from scorecard.definition import Definition, freeze, parse
from scorecard.models import QuestionnaireVersion
from scorecard.recommendations import recommend
from scorecard.scoring import score
from scorecard.tests.builders import four_areas
from scorecard.tests.factories import QuestionnaireFactory

ADA: dict[str, Any] = {
    "email": "ada@engines.example",
    "first_name": "Ada",
    "last_name": "Lovelace",
    "company": "Analytical Engines",
    "phone": "+44 20 7946 0000",
}


class VersionFactory(DjangoModelFactory[QuestionnaireVersion]):
    """A published version of `content`, a scorecard.definition.Definition."""

    class Meta:
        model = QuestionnaireVersion

    class Params:
        content: Any = LazyFunction(four_areas)

    questionnaire = SubFactory(
        QuestionnaireFactory, key=LazyAttribute(lambda own: own.factory_parent.content.key)
    )
    number = 1
    definition = LazyAttribute(lambda own: freeze(own.content))
    checksum = LazyAttribute(
        lambda own: hashlib.sha256(json.dumps(own.definition, sort_keys=True).encode()).hexdigest()
    )


_parsed: dict[str, Definition] = {}


def definition_of(version: QuestionnaireVersion) -> Definition:
    """What the version asks, parsed once for each checksum."""
    if version.checksum not in _parsed:
        _parsed[version.checksum] = parse(version.definition)
    return _parsed[version.checksum]


def any_version() -> QuestionnaireVersion:
    """The latest published version, or a new one."""
    return QuestionnaireVersion.objects.order_by("-published_at").first() or VersionFactory.create()


class AssessmentFactory(DjangoModelFactory[Assessment]):
    """Finished. `answers` is the option chosen everywhere, or a mapping of question keys to options."""

    class Meta:
        model = Assessment

    class Params:
        answers: Any = "C"
        scored = LazyAttribute(lambda own: score(definition_of(own.version), own.responses))
        ada = Trait(**ADA)
        scrubbed = Trait(
            lead_quality="basic",
            hubspot_sync_status=SyncStatus.SYNCED,
            email_scrubbed_at=LazyFunction(timezone.now),
        )

    version = LazyFunction(any_version)
    session_id = Sequence(lambda number: hash_token(f"token-{number}"))
    responses = LazyAttribute(
        lambda own: (
            own.answers
            if isinstance(own.answers, dict)
            else dict.fromkeys(definition_of(own.version).questions, own.answers)
        )
    )
    total_score = LazyAttribute(lambda own: own.scored.total)
    score_breakdown = LazyAttribute(lambda own: dict(own.scored.areas))
    score_category = LazyAttribute(lambda own: own.scored.category)
    recommendations = LazyAttribute(
        lambda own: [advice.title for advice in recommend(definition_of(own.version), own.scored.areas)]
    )
    completed_at = LazyFunction(timezone.now)
    completion_time_seconds = 480
    browser_info: Any = LazyFunction(lambda: {"device": "mobile", "browser": "Firefox", "os": "Android"})

    @classmethod
    def _create(cls, model_class: type[Assessment], *args: Any, **kwargs: Any) -> Assessment:
        """Qualify the lead as submit does, unless the test says how good it is."""
        assessment = model_class(**kwargs)
        if "lead_quality" not in kwargs and assessment.completed_at:
            assessment.requalify()
        assessment.save(force_insert=True)
        Response.objects.bulk_create(
            Response(assessment=assessment, question_key=key, value={"selectedOptionId": option})
            for key, option in assessment.responses.items()
        )
        return assessment


class OpenAssessmentFactory(DjangoModelFactory[Assessment]):
    """An assessment that was started and not submitted."""

    class Meta:
        model = Assessment

    class Params:
        token = "a token"

    version = LazyFunction(any_version)
    session_id = LazyAttribute(lambda own: hash_token(own.token))


class SessionFactory(DjangoModelFactory[AssessmentSession]):
    """An open session; `token` is what its browser holds."""

    class Meta:
        model = AssessmentSession

    class Params:
        token = Sequence(lambda number: f"open-{number}")
        version: Any = LazyFunction(any_version)

    assessment = SubFactory(
        OpenAssessmentFactory,
        token=LazyAttribute(lambda own: own.factory_parent.token),
        version=LazyAttribute(lambda own: own.factory_parent.version),
    )
    total_steps = LazyAttribute(lambda own: versions.get(own.version.id).definition.total_steps)
    expires_at = LazyFunction(lambda: timezone.now() + timedelta(hours=24))


class ResponseFactory(DjangoModelFactory[Response]):
    class Meta:
        model = Response

    assessment = SubFactory(OpenAssessmentFactory)
    question_key = Sequence(lambda number: f"question_{number}")
    value: Any = LazyFunction(lambda: {"selectedOptionId": "A"})


class AddressProofFactory(DjangoModelFactory[AddressProof]):
    class Meta:
        model = AddressProof

    assessment = SubFactory(AssessmentFactory)
    address_hash = Sequence(lambda number: hash_token(f"address-{number}"))


class AssessmentLinkFactory(DjangoModelFactory[AssessmentLink]):
    class Meta:
        model = AssessmentLink

    assessment = SubFactory(AssessmentFactory)
    purpose = "shared"
    token_hash = Sequence(lambda number: hash_token(f"link-{number}"))
    expires_at = LazyFunction(lambda: timezone.now() + timedelta(hours=24))


class InvitationFactory(DjangoModelFactory[Invitation]):
    class Meta:
        model = Invitation

    assessment = SubFactory(AssessmentFactory)
    token_hash = Sequence(lambda number: hash_token(f"invitation-{number}"))
    expires_at = LazyFunction(lambda: timezone.now() + timedelta(days=30))


class InvitedAssessmentFactory(DjangoModelFactory[InvitedAssessment]):
    class Meta:
        model = InvitedAssessment

    assessment = SubFactory(AssessmentFactory)
    invitation = SubFactory(InvitationFactory)


class PrivacyLinkFactory(DjangoModelFactory[PrivacyLink]):
    class Meta:
        model = PrivacyLink

    assessment = SubFactory(AssessmentFactory)
    token_hash = Sequence(lambda number: hash_token(f"privacy-{number}"))
    expires_at = LazyFunction(lambda: timezone.now() + timedelta(hours=24))


class ConsentFactory(DjangoModelFactory[Consent]):
    class Meta:
        model = Consent

    address_hash = Sequence(lambda number: hash_token(f"address-{number}"))
    purpose = "result"
    given = True
    text = "Mail me my result."
    text_version = "1"
    source = "api"


class SuppressedAddressFactory(DjangoModelFactory[SuppressedAddress]):
    class Meta:
        model = SuppressedAddress

    address_hash = Sequence(lambda number: hash_token(f"address-{number}"))


class UploadFactory(DjangoModelFactory[Upload]):
    class Meta:
        model = Upload

    assessment = SubFactory(AssessmentFactory)
    question_key = "plan"
    name = "plan.pdf"
    kind = "pdf"
    media_type = "application/pdf"
    size = 1000
    stored_name = Sequence(lambda number: f"stored-{number}")
    content_key = "a key"
    is_scanned = False


class ViewBatchFactory(DjangoModelFactory[ViewBatch]):
    class Meta:
        model = ViewBatch

    id = LazyFunction(uuid4)


class DailyFigureFactory(DjangoModelFactory[DailyFigure]):
    class Meta:
        model = DailyFigure

    day = LazyFunction(lambda: timezone.now().date())
    version = LazyFunction(any_version)
    figure = "started"
    assessments = 1
