"""`tests.chaos.within benchmarks.scrub_timer [whole]`: seconds to scrub what is due, whole or in batches."""

import sys
import time

from privacy.retention import clear, cleared_values, due, retained

NAME = "assessments"


def main(whole: bool) -> None:
    [(table, retention)] = [(table, found) for name, table, found in retained() if name == NAME]
    start = time.perf_counter()
    if whole:
        due(NAME, table, retention).update(**cleared_values(table, retention))
    else:
        clear(NAME, table, retention)
    print(time.perf_counter() - start)


if __name__ == "__main__":
    main(whole="whole" in sys.argv[1:])
