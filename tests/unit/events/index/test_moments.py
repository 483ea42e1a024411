from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from core.clock import rfc3339
from events.index.moments import moment_text
from registry.columns import to_microseconds

_DAY = timedelta(days=1)
_LEAP_DAY = datetime(2028, 2, 29, 23, 59, 59, 999_000, tzinfo=UTC)


@pytest.mark.parametrize("at", [_LEAP_DAY, _LEAP_DAY - _DAY, _LEAP_DAY + _DAY, datetime(2024, 1, 1, tzinfo=UTC)])
def test_a_moment_is_as_all_others_are(at: datetime) -> None:
    assert moment_text(to_microseconds(at) // 1_000) == rfc3339(at)


def test_any_moment_is() -> None:
    random = Random(3)
    for _ in range(2_000):
        at = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(milliseconds=random.randrange(69 * 365 * 86_400_000))
        assert moment_text(to_microseconds(at) // 1_000) == rfc3339(at)
