from assessments.models.address_proof import AddressProof
from assessments.models.assessment import Assessment
from assessments.models.assessment_link import AssessmentLink, LinkPurpose
from assessments.models.consent import Consent, ConsentSource, Purpose
from assessments.models.invitation import Invitation, InvitedAssessment
from assessments.models.privacy_link import PrivacyLink
from assessments.models.response import Response
from assessments.models.session import AssessmentSession
from assessments.models.suppression import SuppressedAddress
from assessments.models.upload import Upload
from assessments.statistics.figure import DailyFigure
from assessments.statistics.view_counting import ViewBatch

__all__ = [
    "AddressProof",
    "Assessment",
    "AssessmentLink",
    "AssessmentSession",
    "Consent",
    "ConsentSource",
    "DailyFigure",
    "Invitation",
    "InvitedAssessment",
    "LinkPurpose",
    "PrivacyLink",
    "Purpose",
    "Response",
    "SuppressedAddress",
    "Upload",
    "ViewBatch",
]
