"""A pytest plugin: sleep by the true clock.

libfaketime takes the deadline of Python's own sleep for one of the false clock: EINVAL.
"""

import select
import time


def sleep(seconds: float) -> None:
    select.select([], [], [], seconds)


time.sleep = sleep  # type: ignore[assignment]  # takes what has an index, too
