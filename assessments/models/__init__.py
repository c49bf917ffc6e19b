from assessments.models.assessment import Assessment
from assessments.models.consent import Consent, Purpose, Source
from assessments.models.privacy_link import PrivacyLink
from assessments.models.response import Response
from assessments.models.run_link import LinkPurpose, RunLink
from assessments.models.session import AssessmentSession
from assessments.models.suppression import SuppressedAddress
from assessments.statistics.figure import DailyFigure

__all__ = [
    "Assessment",
    "AssessmentSession",
    "Consent",
    "DailyFigure",
    "LinkPurpose",
    "PrivacyLink",
    "Purpose",
    "Response",
    "RunLink",
    "Source",
    "SuppressedAddress",
]
