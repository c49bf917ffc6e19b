"""The proof-checker: what is wrong with a questionnaire, and what may be, before it is published."""

from scorecard.checking.check import Checked, blocking, check
from scorecard.checking.findings import Finding, Severity

__all__ = ["Checked", "Finding", "Severity", "blocking", "check"]
