"""Real parts that the system tests share."""

from collections.abc import Iterator

import pytest

from tests.support.databases import postgres_server
from tests.support.footage import bikes
from tests.support.rtsp_server import RtspServer, start_rtsp_server

__all__ = ["postgres_server", "street_server"]


@pytest.fixture(scope="session")
def street_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RtspServer]:
    """An RTSP server that shows a street, round and round."""
    with start_rtsp_server(tmp_path_factory.mktemp("street"), [bikes()]) as running:
        yield running
