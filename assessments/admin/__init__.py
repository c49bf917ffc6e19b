from assessments.admin.leads import LeadAdmin
from assessments.admin.sessions import AssessmentSessionAdmin

__all__ = ["AssessmentSessionAdmin", "LeadAdmin"]
