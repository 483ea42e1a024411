"""What follows from a look at a camera, and from the commit of an event."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from threading import Lock
from typing import Final

from core.clock import Clock
from core.event import Event, Origin
from core.frame import Frame
from core.ids import CameraId
from core.rule import Subject
from events.media.records import NO_PICTURE, WAITED_TOO_LONG
from events.media.snapshots import SnapshotTaker
from inference.watch import Look
from ingest.pictures import picture_of

from .measures import Measures
from .recordings import Recordings

MOST_HELD_BYTES: Final = 64_000_000
"""Of frames held for events that are not committed yet; past that the oldest waiting event goes without a snapshot."""


class Consequences:
    """`looked` is called by the inference threads, `committed` by the event writer's, `happened` by the registry's."""

    def __init__(
        self,
        write: Callable[[Sequence[Event]], None],
        snapshots: SnapshotTaker,
        recordings: Recordings,
        measures: Measures,
        clock: Clock,
    ) -> None:
        self._write = write
        self._snapshots = snapshots
        self._recordings = recordings
        self._measures = measures
        self._clock = clock
        self._held: OrderedDict[tuple[CameraId, Origin], Frame] = OrderedDict()
        self._held_bytes = 0
        self._lock = Lock()

    def looked(self, look: Look) -> None:
        """Hand the events on to be written, and keep the frame of those that have begun for their snapshots."""
        if not look.is_carried_on:
            self._measures.look_latency.observe(look.latency_s)
        begun = [event for event in look.events if event.version == 1]
        if begun:
            self._measures.events_made.inc(len(begun))
            with self._lock:
                for event in begun:
                    self._held[event.camera, event.origin] = look.frame
                    self._held_bytes += _bytes(look.frame)
                while self._held_bytes > MOST_HELD_BYTES and len(self._held) > 1:
                    self._held_bytes -= _bytes(self._held.popitem(last=False)[1])
        self._write(look.events)

    def happened(self, events: Sequence[Event]) -> None:
        """Hand on events that no look has made: they are over, or their stream is lost."""
        self._measures.events_made.inc(sum(event.version == 1 for event in events))
        self._write(events)

    def committed(self, event: Event, is_first: bool, is_late: bool = False) -> None:
        """Make the media of an event that is on record now.

        Of one that is so for the first time, but late, no more than a snapshot can be made, where its frame was kept;
        that there is nothing else is on record with it.
        """
        if is_first:
            self._measures.events_stored.inc()
            self._make_media(event, is_late)
        self._recordings.end(event)

    def _make_media(self, event: Event, is_late: bool) -> None:
        if event.kind.subject is Subject.STREAM:
            if not is_late:
                self._snapshots.go_without(event.id, NO_PICTURE)
            return
        frame = self._let_go(event)
        if frame is not None:
            self._measures.commit_latency.observe(self._clock.monotonic() - frame.arrived)
            self._snapshots.take(event.id, event.origin.epoch, lambda: picture_of(frame))
        elif not is_late:
            self._snapshots.go_without(event.id, WAITED_TOO_LONG)
        if not is_late:
            self._recordings.begin(event)

    def _let_go(self, event: Event) -> Frame | None:
        with self._lock:
            frame = self._held.pop((event.camera, event.origin), None)
            if frame is not None:
                self._held_bytes -= _bytes(frame)
            return frame


def _bytes(frame: Frame) -> int:
    return frame.luma.nbytes + frame.chroma_u.nbytes + frame.chroma_v.nbytes
