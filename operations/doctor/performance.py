"""Success rate of connections, p95 and errors of requests and statements, over the last five minutes."""

from collections.abc import Iterator

from monitoring.findings import Finding, Level, Threshold, measured, stated
from monitoring.timings import Counts, quantile, recent_counts, sum_of

AREA = "Performance"
SUCCESS = Threshold(98, 95, "%")  # seed 004's table
P95 = Threshold(500, 1000, "ms")
ERRORS = Threshold(1, 5, "%")
FEWEST = 20  # below that one error is a rate of its own


def performance() -> Iterator[Finding]:
    """From the counts that processes add to Redis."""
    counts = recent_counts()
    if counts is None:
        yield stated(
            AREA, "five minutes", Level.AMBER, "not known", reason="Redis does not answer.", fix="See Redis."
        )
        return
    made, failed = (counts[f"connect|{outcome}|count"] for outcome in ("ok", "failed"))
    yield measured(
        AREA,
        "connections that succeed",
        100.0 if made + failed < FEWEST else 100 * made / (made + failed),
        SUCCESS,
        reason="PostgreSQL refuses connections.",
        fix="See connections used, and the log of PostgreSQL.",
    )
    for name, what, bad in (("request", "requests", ",5xx"), ("query", "statements", ",failed")):
        yield p95(counts, name, what)
        yield errors(counts, name, what, bad)


def p95(counts: Counts, name: str, what: str) -> Finding:
    found = quantile(counts, name, 0.95)
    enough = found is not None and sum_of(counts, name, "count") >= FEWEST
    return measured(
        AREA,
        f"p95 of {what}",
        1000 * found if enough and found else 0.0,
        P95,
        words=f"at most {1000 * found:,.0f} ms" if enough and found else "too few to say",
        reason=f"One of twenty {what} takes long.",
        fix="See the log lines `A statement took`, the slowest statement, and the load of the machines.",
    )


def errors(counts: Counts, name: str, what: str, bad: str) -> Finding:
    failed, total = sum_of(counts, name, "count", bad), sum_of(counts, name, "count")
    return measured(
        AREA,
        f"errors of {what}",
        100 * failed / total if total >= FEWEST else 0.0,
        ERRORS,
        words=f"{failed} of {total}",
        reason=f"Some {what} fail.",
        fix="See the log lines of level ERROR: each has the id of its request.",
    )
