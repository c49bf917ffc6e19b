from typing import Any

from privacy.clearing.expired_sessions import cleanup_sessions, sessions_past_retention
from privacy.management.clearing_command import ClearingCommand


class Command(ClearingCommand):
    help = (
        "Remove expired assessment sessions. Answers given stay, without the person. Runs hourly by itself."
    )

    def count(self, options: dict[str, Any]) -> dict[str, int]:
        return {"assessment_sessions": sessions_past_retention().count()}

    def clear(self, options: dict[str, Any]) -> dict[str, int]:
        return {"assessment_sessions": cleanup_sessions(self.progress)}
