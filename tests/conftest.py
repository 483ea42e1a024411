"""What holds for all tests."""

from pathlib import Path

import pytest
from hypothesis import settings

# What an example shows does not depend on how long a busy machine takes for it.
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")

_TESTS = Path(__file__).parent
_SLOW_FIRST = ("system", "system/console", "system/api", "contracts")
"""The folders whose files take longest: a long file that is begun last leaves all processes but one idle."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files of slow folders come first; within a folder, and within a file, everything stays in its order."""
    items.sort(key=_rank)


def _rank(item: pytest.Item) -> int:
    folder = item.path.parent.relative_to(_TESTS).as_posix()
    return _SLOW_FIRST.index(folder) if folder in _SLOW_FIRST else len(_SLOW_FIRST)
