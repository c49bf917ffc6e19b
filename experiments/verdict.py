"""The result of an A/B test in words. Pure."""

from experiments.evaluation import ALPHA, SMALLEST, Difference, Evaluation, State

HOW = (
    "Finished means: saw the wording, then finished the questionnaire. The intervals hold at every look "
    f"({100 * (1 - ALPHA):.0f} %), so you may look daily and stop as soon as one is clear of zero."
)


def verdict(found: Evaluation) -> str:
    """One or two sentences for whoever has to decide."""
    if found.state == State.NOBODY:
        return "Not every variant has been seen yet."
    if found.state == State.MISMATCH:
        return (
            "The split is not what the weights say, and that is no chance: some views are missing. "
            "Do not believe the rates before the cause is found."
        )
    best = max(found.differences, key=lambda each: each.difference)
    first = found.arms[0].key
    if found.state == State.BETTER:
        return f"{best.arm.key} is better than {first}: {in_points(best)}. You can stop."
    if found.state == State.WORSE:
        return f"{first} is better than every other: {in_points(best)}. You can stop."
    if found.state == State.EQUAL:
        return f"No variant differs from {first} by {SMALLEST * 100:.0f} points or more. You can stop."
    waiting = [each.days_left for each in found.differences if each.state == State.WAIT]
    known = [days for days in waiting if days is not None]
    if len(known) < len(waiting):
        return "Not enough data, and more than a year to go at this pace: stop, or try bolder words."
    return f"Not enough data, about {in_days(max(1, *known))} more."


def in_points(found: Difference) -> str:
    """`+4.1 points (1.0 to 7.2)`."""
    return f"{100 * found.difference:+.1f} points ({100 * found.low:+.1f} to {100 * found.high:+.1f})"


def in_days(days: int) -> str:
    return "1 day" if days == 1 else f"{days} days"
