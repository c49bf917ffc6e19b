from scorecard.admin.drafts import QuestionnaireAdmin
from scorecard.admin.versions import QuestionnaireVersionAdmin

__all__ = ["QuestionnaireAdmin", "QuestionnaireVersionAdmin"]
