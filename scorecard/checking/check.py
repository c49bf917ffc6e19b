"""All findings of the proof-checker about one definition. Pure."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from scorecard import validation
from scorecard.checking.findings import Finding, Severity
from scorecard.checking.paths import path_findings
from scorecard.checking.texts import text_findings
from scorecard.checking.totals import Totals, band_findings, reachable_totals
from scorecard.definition import Definition, freeze, parse
from scorecard.problems import Path, Problem, problem_at


@dataclass(frozen=True, slots=True)
class Checked:
    """The findings, errors first and then in the order of the document; `totals` is None without a score."""

    findings: tuple[Finding, ...]
    totals: Totals | None = None

    @property
    def errors(self) -> tuple[Finding, ...]:
        return tuple(each for each in self.findings if each.severity is Severity.ERROR)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        return tuple(each for each in self.findings if each.severity is Severity.WARNING)


def check(definition: Definition) -> Checked:
    """Go through the whole definition. What depends on its rules is left out while these are wrong."""
    return _check(json.dumps(freeze(definition), sort_keys=True))


@lru_cache(maxsize=64)  # authors look at what they have not changed, several times
def _check(frozen: str) -> Checked:
    definition = parse(json.loads(frozen))
    errors = [Finding(Severity.ERROR, each) for each in validation.publishing_problems(definition)]
    totals = None
    found: list[tuple[Severity, Path, str]] = []
    if not validation.contradictions(definition):
        found += path_findings(definition)
        found += text_findings(definition)
        if not errors:
            totals = reachable_totals(definition)
            found += band_findings(definition, totals) if totals else ()
    located = [*errors, *_located(definition, found)]
    located.sort(key=lambda finding: finding.severity)  # stable: error before warning
    return Checked(tuple(located), totals)


def blocking(definition: Definition) -> list[Problem]:
    """The problems that keep the definition from being published."""
    return [finding.problem for finding in check(definition).errors]


def _located(definition: Definition, found: list[tuple[Severity, Path, str]]) -> Iterator[Finding]:
    document = freeze(definition)
    document["areas"] = document.get("shared_areas", [])  # as authors call them
    for severity, path, text in found:
        yield Finding(severity, problem_at(document, path, text))
