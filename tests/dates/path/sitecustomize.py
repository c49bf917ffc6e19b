"""Sleep by the true clock, in each Python that a run starts: `PYTHONPATH` names this directory.

libfaketime takes the deadline of Python's own sleep for one of the false clock: EINVAL.
"""

import select
import time


def sleep(seconds: float) -> None:
    select.select([], [], [], seconds)


time.sleep = sleep  # type: ignore[assignment]  # takes what has an index, too
