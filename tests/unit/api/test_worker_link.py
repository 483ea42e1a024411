import time

import anyio
import pytest

from api.worker_link import WorkerAddress, open_worker_link
from api.worker_port import worker_server
from core.errors import Unavailable
from core.ids import CameraId
from tests.support.rule_desk import FakeDesk

TOKEN = "s3cret"
PATIENCE_S = 0.2


def slow_picture(camera: CameraId) -> bytes:
    time.sleep(2 * PATIENCE_S)
    return b"jpeg"


def slow_metrics() -> bytes:
    time.sleep(2 * PATIENCE_S)
    return b"up 1\n"


def test_a_picture_that_takes_its_time_is_waited_for_and_nothing_else_is() -> None:
    with worker_server(TOKEN, slow_picture, slow_metrics, FakeDesk()) as server:
        worker = WorkerAddress(server.host, server.port, TOKEN)

        async def asked() -> bytes | None:
            async with open_worker_link(PATIENCE_S, most_live=1) as link:
                with pytest.raises(Unavailable, match="does not answer"):
                    await link.metrics(worker)
                return await link.latest(worker, CameraId(1))

        assert anyio.run(asked) == b"jpeg"
