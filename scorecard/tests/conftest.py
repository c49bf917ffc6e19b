from collections.abc import Iterator

import pytest
from hypothesis import settings

from scorecard import versions

# A busy machine is slow, not wrong.
settings.register_profile("no deadline", deadline=None)
settings.load_profile("no deadline")


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    """Each test has a database of its own, so what a process remembers of another one is wrong."""
    versions.forget()
    yield
    versions.forget()
