"""What holds for all tests."""

from pathlib import Path

import pytest
from hypothesis import settings

from tests.support.slowness import SLOWNESS

# What an example shows does not depend on how long a busy machine takes for it.
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")

_TESTS = Path(__file__).parent
_SLOW_FIRST = ("system", "system/console", "system/api", "contracts")
"""The folders whose files take longest: a long file that is begun last leaves all processes but one idle."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files of slow folders come first; within a folder, and within a file, everything stays in its order.

    How long a test may take is said for the machine that its waits were set on.
    """
    items.sort(key=_rank)
    if items and SLOWNESS > 1 and items[0].config.getoption("timeout") is None:
        for item in items:
            said = item.get_closest_marker("timeout")
            seconds = float(said.args[0] if said else item.config.getini("timeout"))
            item.add_marker(pytest.mark.timeout(SLOWNESS * seconds), append=False)


def _rank(item: pytest.Item) -> int:
    folder = item.path.parent.relative_to(_TESTS).as_posix()
    return _SLOW_FIRST.index(folder) if folder in _SLOW_FIRST else len(_SLOW_FIRST)
