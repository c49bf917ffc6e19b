from typing import Any

from privacy.clearing_command import ClearingCommand
from privacy.sessions import cleanup_sessions, past_retention


class Command(ClearingCommand):
    help = (
        "Remove expired assessment sessions. Answers given stay, without the person. Runs hourly by itself."
    )

    def count(self, options: dict[str, Any]) -> dict[str, int]:
        return {"assessment_sessions": past_retention().count()}

    def clear(self, options: dict[str, Any]) -> dict[str, int]:
        return {"assessment_sessions": cleanup_sessions(self.progress)}
