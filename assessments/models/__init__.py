from assessments.models.assessment import Assessment
from assessments.models.figure import DailyFigure
from assessments.models.lead import Lead
from assessments.models.response import Response
from assessments.models.session import AssessmentSession

__all__ = ["Assessment", "AssessmentSession", "DailyFigure", "Lead", "Response"]
