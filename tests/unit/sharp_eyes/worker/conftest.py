"""The parts of a worker, real but for the detector, and a database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.builders import FakeClock
from tests.support.databases import sqlite_database

from .town import Town, a_town

__all__ = ["clock", "sqlite_database", "town"]


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    with a_town(tmp_path) as parts:
        yield parts
