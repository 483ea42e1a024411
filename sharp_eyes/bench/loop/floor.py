"""The floor: decoding, and the bare network on the same pictures. No loop that does both can cost less."""

import time
from pathlib import Path
from threading import Event as Flag
from threading import Thread
from typing import Any

import av
import numpy as np
from av.video.stream import VideoStream

from core.ids import CameraId
from inference.fit import ModelSession
from inference.preprocess import InputMaker
from ingest.clip_frames import clip_frames

from ...openings import open_objects_model
from ...settings import Settings
from .task import Task


class Floor:
    """Packets lie in memory, the network's input is made beforehand; each packet is decoded when it is due."""

    def __init__(self) -> None:
        self._model = open_objects_model(Settings())
        self._stop = Flag()
        self._threads: list[Thread] = []

    def start(self, task: Task) -> None:
        self._stop = Flag()
        self._threads = [
            Thread(target=_watch, args=(clip, number, task, self._model, self._stop), daemon=True)
            for number, clip in enumerate(task.clips)
        ]
        for thread in self._threads:
            thread.start()

    def counted(self) -> dict[str, Any]:
        return {}

    def stop(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()


def _watch(clip: str, number: int, task: Task, model: ModelSession, stop: Flag) -> None:
    container = av.open(clip)
    video = container.streams.video[0]
    assert isinstance(video, VideoStream)  # noqa: S101 - it was made as one
    video.codec_context.thread_count = 1
    packets = [packet for packet in container.demux(video) if packet.size]
    frame = next(clip_frames(Path(clip), CameraId(1)))
    tensor = np.copy(InputMaker(model.card.input).make(frame)[0])
    interval_s = task.seconds / task.looks[number] if task.looks[number] else float("inf")
    began = time.monotonic() + number * 0.01  # cameras do not send all at the same moment
    shown, due_s = 0, interval_s / 2
    while True:
        for packet in packets:
            at_s = shown / task.fps
            wait_s = began + at_s - time.monotonic()
            if wait_s > 0:
                time.sleep(wait_s)
            if stop.is_set():
                return
            pictures = video.codec_context.decode(packet)
            if pictures and at_s >= due_s:
                model.run(tensor)
                due_s += interval_s
            shown += 1
        video.codec_context.flush_buffers()
