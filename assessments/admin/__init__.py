from assessments.admin.sessions import AssessmentSessionAdmin

__all__ = ["AssessmentSessionAdmin"]
