"""Looking at streams before they are watched."""

import multiprocessing
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx2
import pytest

from api.app import api_server
from api.probe_words import ProbeOrder, ProbeView
from core.attention import Attention
from core.box import Point
from core.camera import Login, Stream, StreamId, StreamRole
from core.errors import Unavailable
from core.ids import CameraId
from core.stream_state import StreamState
from core.zone import Polygon
from ingest.probe import DecodePolicy, StreamClock, probe
from ingest.settings import ReaderSettings
from registry import attention, privacy_areas, stream_secrets, streams
from sharp_eyes.probes import ChildProber, look
from sharp_eyes.settings import Settings
from tests.support.footage import bikes, make_clip
from tests.support.importing import SECRET
from tests.support.rtsp_server import start_rtsp_server
from tests.support.waiting import wait_for
from tests.system.api.asking import a_client
from tests.system.api.conftest import City


@dataclass
class Asked:
    """`StreamProber` that finds nothing, and remembers what it was asked."""

    orders: list[ProbeOrder] = field(default_factory=list)

    def probe(self, order: ProbeOrder) -> ProbeView:
        self.orders.append(order)
        return ProbeView(
            url=order.stream.url,
            state=StreamState.REFUSED,
            reason="nobody listens there",
            hint=None,
            encoding=None,
            picture=None,
            no_picture="no pictures came",
        )


@contextmanager
def asking(city: City) -> Iterator[tuple[httpx2.Client, Asked]]:
    asked = Asked()
    with (
        api_server(replace(city.services, prober=asked)) as server,
        a_client(server, city.key) as client,
    ):
        yield client, asked


def an_order(path: Path) -> ProbeOrder:
    stream = Stream(StreamId(1), CameraId(1), StreamRole.DETECT, f"file://{path}")
    return ProbeOrder(stream=stream, login=None, attention=Attention())


def settings_for(folder: Path) -> Settings:
    return Settings(data=folder, streams=ReaderSettings(files=bikes().parent))


def test_an_address_is_looked_at_with_its_login_and_told_without(city: City) -> None:
    with asking(city) as (client, asked):
        answer = client.post("/api/v1/cameras:probe", json={"url": f"rtsp://ann:{SECRET}@10.0.0.1/a"})
    assert (answer.status_code, answer.json()["state"]) == (200, "refused")
    assert asked.orders[0].login == Login("ann", SECRET)
    assert SECRET not in answer.text


def test_a_camera_is_looked_at_with_its_login_and_attention(city: City) -> None:
    with city.services.database.write() as connection:
        [stream] = streams.of_camera(connection, CameraId(3))
        stream_secrets.put(connection, city.services.sealing_key, stream, Login("ann", SECRET))
        attention.put(connection, CameraId(3), Attention(idle_look_s=4))
    with asking(city) as (client, asked):
        assert client.post("/api/v1/cameras/3:probe").status_code == 200
        missing = client.post("/api/v1/cameras/3:probe", params={"role": "live"})
        assert (missing.status_code, missing.json()["detail"]) == (404, "camera 3 has no stream for live")
        assert client.post("/api/v1/cameras/99:probe").status_code == 404
    assert (asked.orders[0].login, asked.orders[0].attention.idle_look_s) == (Login("ann", SECRET), 4)


def test_a_picture_is_black_where_a_camera_has_privacy_areas_whoever_asks_by_its_address(city: City) -> None:
    area = Polygon((Point(0, 0), Point(1, 0), Point(0.3, 1)))
    with city.services.database.write() as connection:
        [stream] = streams.of_camera(connection, CameraId(4))
        privacy_areas.add(connection, CameraId(4), name="window", polygon=area, at=city.services.clock.now())
    with asking(city) as (client, asked):
        assert client.post("/api/v1/cameras/4:probe").status_code == 200
        login = stream.url.replace("rtsp://", f"rtsp://ann:{SECRET}@")
        assert client.post("/api/v1/cameras:probe", json={"url": login}).status_code == 200
        assert client.post("/api/v1/cameras:probe", json={"url": "rtsp://10.0.0.1/elsewhere"}).status_code == 200
    assert [order.areas for order in asked.orders] == [(area,), (area,), ()]


@pytest.mark.parametrize("url", [f"http://ann:{SECRET}@10.0.0.1/", "rtsp://169.254.169.254/", "file:///etc/passwd", ""])
def test_a_hostile_address_is_refused(city: City, url: str) -> None:
    with asking(city) as (client, asked):
        answer = client.post("/api/v1/cameras:probe", json={"url": url})
    assert answer.status_code == 422
    assert SECRET not in answer.text
    assert not asked.orders


def test_a_server_without_a_prober_says_so(city: City) -> None:
    answer: Any = city.client.post("/api/v1/cameras:probe", json={"url": "rtsp://10.0.0.1/"})
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")


def test_a_stream_over_rtsp_is_described(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "quick.mp4", frames=100, gop=5)
    (tmp_path / "clips").mkdir()
    with start_rtsp_server(tmp_path / "clips", [clip]) as server:
        stream = Stream(StreamId(1), CameraId(1), StreamRole.DETECT, server.url("quick.mp4"))
        found = probe(stream, None, ReaderSettings(), Attention(), watched_s=0.5)
    assert (found.codec, found.width, found.height, found.fps) == ("h264", 320, 240, 25.0)
    assert (found.policy, found.clock, found.sound) == (DecodePolicy.KEY_FRAMES, StreamClock.STEADY, None)
    assert found.picture is not None


def test_a_child_that_crashes_is_a_diagnosis_and_ends_nothing_else(tmp_path: Path) -> None:
    prober = ChildProber(settings_for(tmp_path))
    found: list[ProbeView] = []
    asking = threading.Thread(target=lambda: found.append(prober.probe(an_order(bikes()))))
    asking.start()
    wait_for(lambda: children(), "the child runs")
    [child] = children()
    child.kill()
    asking.join(20)
    assert (found[0].state, found[0].encoding) == (StreamState.UNREADABLE, None)
    assert "ended with -9" in found[0].reason
    assert not children()


def children() -> list[Any]:
    return [child for child in multiprocessing.active_children() if child.name == "probe"]


def test_no_more_than_a_few_are_looked_at_at_once(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="being looked at already"):
        ChildProber(settings_for(tmp_path), most_at_once=0).probe(an_order(bikes()))


def test_a_picture_that_cannot_be_masked_is_not_shown(tmp_path: Path) -> None:
    settings = settings_for(tmp_path)
    broken = settings.model_copy(update={"detector": settings.detector.model_copy(update={"face_model": "none"})})
    found = look(an_order(bikes()), broken)
    assert found.state is StreamState.LIVE
    assert found.picture is None
    assert "could not be masked" in (found.no_picture or "")
