"""Leads by name, for tests of the list."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from assessments.models import Assessment
from assessments.tests.factories import AssessmentFactory
from scorecard.models import QuestionnaireVersion


@pytest.fixture
def lead(version: QuestionnaireVersion) -> Any:
    """Make the lead `name@example.com`, finished some time `ago`."""

    def finished(name: str, *, ago: timedelta = timedelta(hours=1), **fields: Any) -> Assessment:
        fields = {"answers": "A", "completed_at": timezone.now() - ago} | fields
        return AssessmentFactory.create(version=version, email=f"{name}@example.com", **fields)

    return finished
