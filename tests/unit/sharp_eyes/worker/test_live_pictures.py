import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import cycle

import pytest

from core.clock import SystemClock
from core.frame import Frame
from core.ids import CameraId
from core.live_part import LiveKind
from events.media.masking import MaskingFailed
from sharp_eyes.worker.live_pictures import LivePictures, MaskedView
from sharp_eyes.worker.live_settings import LiveSettings
from tests.support.builders import a_frame
from tests.support.waiting import wait_for

ONE, OTHER = CameraId(1), CameraId(2)


def frame_of(camera: CameraId, luma: int = 128) -> Frame:
    return a_frame(camera=camera, luma=luma, arrived=time.monotonic())


class Masker:
    """Writes down what it masks; it may take a while of a core, wait, or fail."""

    def __init__(self) -> None:
        self.masked: list[tuple[CameraId, int]] = []
        self.burns_s = 0.0
        self.fails = False
        self.may_go_on = threading.Event()
        self.may_go_on.set()

    def __call__(self, frame: Frame) -> bytes:
        until = time.thread_time() + self.burns_s
        while time.thread_time() < until:
            pass
        self.may_go_on.wait(10)
        if self.fails:
            raise MaskingFailed("the masker failed: out of memory")
        self.masked.append((frame.camera, int(frame.luma[0, 0])))
        return bytes(frame.luma[0, :1])

    def by_camera(self) -> Counter[CameraId]:
        return Counter(camera for camera, _ in self.masked)


@contextmanager
def showing(
    masker: Masker,
    *,
    newest: Callable[[CameraId], Frame | None] = lambda camera: None,
    others_wait: Callable[[], bool] = lambda: False,
    **settings: float,
) -> Iterator[LivePictures]:
    told = LiveSettings.model_validate({"masked_core_share": 1.0, **settings})
    pictures = LivePictures(masker, newest, others_wait, SystemClock(), told)
    pictures.start()
    try:
        yield pictures
    finally:
        masker.may_go_on.set()
        pictures.stop(5)


@pytest.fixture
def masker() -> Masker:
    return Masker()


def look(pictures: LivePictures, camera: CameraId = ONE) -> MaskedView:
    return pictures.join(camera, lambda: None)


def shown(view: MaskedView) -> int:
    """The tone of the next picture."""
    part = wait_for(lambda: view.next(0.5), "a picture", 10)
    assert part.kind is LiveKind.PICTURE
    return part.data[0]


def test_nothing_is_masked_while_nobody_looks(masker: Masker) -> None:
    with showing(masker) as pictures:
        pictures.keep(frame_of(ONE))
        view = look(pictures, OTHER)
        pictures.keep(frame_of(OTHER))
        shown(view)
        assert masker.by_camera() == {OTHER: 1}
        view.close()
        pictures.keep(frame_of(OTHER))
        again = look(pictures, ONE)
        pictures.keep(frame_of(ONE))
        shown(again)
        assert masker.by_camera() == {OTHER: 1, ONE: 1}


def test_a_picture_is_masked_once_however_many_look(masker: Masker) -> None:
    with showing(masker) as pictures:
        views = [look(pictures) for _ in range(5)]
        pictures.keep(frame_of(ONE, 7))
        assert [shown(view) for view in views] == [7] * 5
        assert len(masker.masked) == 1
        assert pictures.viewers == 5


def test_who_joins_sees_at_once_what_the_others_saw(masker: Masker) -> None:
    with showing(masker) as pictures:
        first = look(pictures)
        pictures.keep(frame_of(ONE, 7))
        shown(first)
        assert shown(look(pictures)) == 7
        assert len(masker.masked) == 1


def test_who_looks_first_sees_the_newest_frame_there_was(masker: Masker) -> None:
    with showing(masker, newest=lambda camera: frame_of(camera, 9)) as pictures:
        assert shown(look(pictures)) == 9


def test_a_frame_of_long_ago_is_not_shown_as_live(masker: Masker) -> None:
    old = a_frame(camera=ONE, luma=9, arrived=time.monotonic() - 5)
    with showing(masker, newest=lambda camera: old) as pictures:
        view = look(pictures)
        pictures.keep(frame_of(ONE, 7))
        assert shown(view) == 7
        assert masker.masked == [(ONE, 7)]


def test_a_slow_viewer_sees_the_newest_and_loses_the_others(masker: Masker) -> None:
    with showing(masker) as pictures:
        fast, slow = look(pictures), look(pictures)
        for luma in (1, 2, 3):
            pictures.keep(frame_of(ONE, luma))
            assert shown(fast) == luma
        assert shown(slow) == 3
        assert slow.next(0) is None
        assert pictures.not_shown()["slow_viewer"] == 2


def test_the_newest_frame_wins_where_masking_is_slow(masker: Masker) -> None:
    with showing(masker) as pictures:
        view = look(pictures)
        masker.may_go_on.clear()
        pictures.keep(frame_of(ONE, 1))
        wait_for(lambda: pictures.waiting == 0, "the first is being masked", 10)
        for luma in (2, 3, 4):
            pictures.keep(frame_of(ONE, luma))
        masker.may_go_on.set()
        wait_for(lambda: masker.masked == [(ONE, 1), (ONE, 4)], "the newest is masked", 10)
        assert shown(view) == 4
        assert pictures.not_shown()["budget"] == 2


def test_no_more_pictures_a_second_than_are_wanted(masker: Masker) -> None:
    with showing(masker, masked_fps=2) as pictures:
        look(pictures)
        began = time.monotonic()
        while len(masker.masked) < 4:
            pictures.keep(frame_of(ONE))
            time.sleep(0.005)
        assert time.monotonic() - began >= 3 * 0.5 * 0.9


def test_masking_takes_no_more_of_a_core_than_its_share(masker: Masker) -> None:
    masker.burns_s = 0.005
    with showing(masker, masked_core_share=0.03) as pictures, ExitStack() as stack:
        for number in range(1, 9):
            stack.callback(look(pictures, CameraId(number)).close)
        began = time.monotonic()
        while len(masker.masked) < 16:
            for number in range(1, 9):
                pictures.keep(frame_of(CameraId(number)))
            time.sleep(0.002)
        # The last one's rest is still to come.
        assert (pictures.core_s - 0.005) / (time.monotonic() - began) <= 0.03 * 1.2
        assert pictures.not_shown()["budget"] > 0


def test_every_camera_gets_slower_and_none_starves(masker: Masker) -> None:
    masker.burns_s = 0.005
    with showing(masker, masked_core_share=0.25) as pictures, ExitStack() as stack:
        cameras = [CameraId(number) for number in range(1, 7)]
        for camera in cameras:
            stack.callback(look(pictures, camera).close)
        # The first camera's frames come most often: it gets no more for that.
        offered = cycle([cameras[0], cameras[0], cameras[0], *cameras])
        while len(masker.masked) < 24:
            pictures.keep(frame_of(next(offered)))
            time.sleep(0.0005)
        made = masker.by_camera()
        assert max(made.values()) - min(made[camera] for camera in cameras) <= 1


def test_snapshots_come_first_but_not_for_ever(masker: Masker) -> None:
    waiting = threading.Event()
    waiting.set()
    with showing(masker, others_wait=waiting.is_set) as pictures:
        view = look(pictures)
        began = time.monotonic()
        pictures.keep(frame_of(ONE, 1))
        assert shown(view) == 1
        assert time.monotonic() - began >= 1
        waiting.clear()
        pictures.keep(frame_of(ONE, 2))
        assert shown(view) == 2


def test_what_came_while_snapshots_went_first_is_shown_and_not_what_waited(masker: Masker) -> None:
    asked, waiting = threading.Event(), threading.Event()
    waiting.set()

    def others_wait() -> bool:
        asked.set()
        return waiting.is_set()

    with showing(masker, others_wait=others_wait) as pictures:
        view = look(pictures)
        pictures.keep(frame_of(ONE, 1))
        assert asked.wait(10)
        pictures.keep(frame_of(ONE, 2))
        waiting.clear()
        assert shown(view) == 2
        assert pictures.not_shown()["budget"] == 1


def test_what_cannot_be_masked_is_not_shown(masker: Masker) -> None:
    with showing(masker) as pictures:
        view = look(pictures)
        masker.fails = True
        pictures.keep(frame_of(ONE, 1))
        wait_for(lambda: pictures.not_shown()["failed"] == 1, "masking has failed", 10)
        assert view.next(0) is None
        masker.fails = False
        pictures.keep(frame_of(ONE, 2))
        assert shown(view) == 2


def test_views_end_when_their_camera_is_not_watched_any_more(masker: Masker) -> None:
    with showing(masker) as pictures:
        view, other = look(pictures), look(pictures, OTHER)
        pictures.forget(ONE)
        assert view.next(5) is None
        assert (view.has_ended, other.has_ended) == (True, False)
        view.close()
        assert pictures.viewers == 1


def test_views_end_when_the_worker_stops(masker: Masker) -> None:
    with showing(masker) as pictures:
        view = look(pictures)
        pictures.stop(5)
        assert view.next(5) is None
        assert view.has_ended


def test_looking_asks_for_attention(masker: Masker) -> None:
    asked: list[int] = []
    with showing(masker) as pictures:
        view = pictures.join(ONE, lambda: asked.append(1))
        view.next(0)
        view.next(0)
    assert len(asked) == 2
