from collections.abc import Iterator

import pytest

from scorecard import versions


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    """Each test has a database of its own, so what a process remembers of another one is wrong."""
    versions.forget()
    yield
    versions.forget()
