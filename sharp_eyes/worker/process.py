"""The worker process: opens what it works with, runs until it is told to stop, closes all in reverse order."""

import logging
import os
import secrets
from collections.abc import Sequence
from contextlib import ExitStack
from threading import Event as Flag
from typing import Final

from prometheus_client import Counter, Gauge

from api.worker_port import worker_server
from core.clock import SystemClock
from core.drop_reason import DropReason
from core.frame import Frame
from core.ids import CameraId
from core.rule import Rule
from events.index.outcome import Fate
from events.media.absence import Absence
from events.media.clips import OriginalClips
from events.media.ledger import MediaLedger
from events.media.outbox import Outbox
from events.media.sending import MediaSender
from events.media.snapshots import SnapshotTaker
from events.spool import Spool
from events.storing import drain
from inference.scheduler import Scheduler
from inference.watch import Look, Watch
from ingest.lookout import Watching
from ingest.pictures import picture_of
from ingest.reader import Reader
from ingest.ring import Ring
from registry import workers
from registry.server_clock import server_time
from registry.snapshot import WatchedCamera
from registry.workers import WorkerId

from ..openings import ORIGINALS, make_loop_detector, open_blobs, open_masker, open_objects_model
from ..preparation import open_keys, prepare
from ..settings import Settings
from ..trials.child import ChildTrials
from .bookends import clear_up, drain_left_behind, note_registration, say_farewell
from .city import City, unsealed
from .consequences import Consequences
from .database_clock import DatabaseClock
from .dealing import Dealing
from .decoding_marks import DecodingMark, DecodingMarks
from .event_writer import EventWriter
from .heart import Heart
from .history_keeper import HistoryKeeper
from .known_areas import KnownAreas
from .live_desk import WorkerLiveDesk, tell_of_live_views
from .live_pictures import LivePictures
from .look_writer import LookWriter
from .measures import Measures
from .outbox_measures import tell_of_outbox
from .outboxes import LeftBehind, open_outbox
from .readers import Readers
from .recent import RecentPictures
from .recordings import Recordings
from .retaining import make_retention
from .rounds import Rounds
from .rule_desk import WorkerRuleDesk
from .slots import Slot, take_slot
from .status_board import StatusBoard
from .store_notice import StoreNotice

_log = logging.getLogger(__name__)

_STOP_S: Final = 4.0
"""For each of those who finish their work at the stop; the supervisor waits for 15 s."""
_SENDING_STOP_S: Final = 2.0
"""What is not sent then lies safe."""


def run_worker(settings: Settings, stop: Flag) -> None:
    """Watch the cameras until `stop` is set. Raises what keeps the worker from starting, each with its own message."""
    clock = DatabaseClock(SystemClock())
    with ExitStack() as stack:
        database = prepare(settings)
        stack.callback(database.close)
        slot = stack.enter_context(take_slot(settings.data))
        keys = open_keys(settings)
        blobs = open_blobs(settings)
        spool = Spool(slot.spool)
        stack.callback(spool.close)
        left = drain(spool, database) + drain_left_behind(database, settings.data)
        ledger = MediaLedger(database, clock)
        absence = Absence(clock, StoreNotice(database, settings))

        def outbox_of(held: Slot) -> Outbox:
            return open_outbox(settings, held, blobs, ledger, clock, absence)

        outbox = outbox_of(slot)
        stack.callback(outbox.close)
        outbox.tell_waiting()
        clear_up(database, blobs, slot)

        objects = open_objects_model(settings)
        areas = KnownAreas()
        snapshots = SnapshotTaker(open_masker(settings, objects), outbox, outbox, areas_of=areas.of)
        recent = RecentPictures(picture_of, snapshots.mask_jpeg, clock)
        live = LivePictures(
            lambda frame: snapshots.mask_jpeg(frame.camera, picture_of(frame)),
            recent.frame,
            lambda: snapshots.waiting > 0,
            clock,
            settings.live,
        )
        measures = Measures()
        clips = OriginalClips(outbox, lambda: keys.derive(ORIGINALS), outbox)
        recordings = Recordings(clips, ledger, lambda camera: readers.ring(camera), clock)
        writer = EventWriter(database, spool, clock, lambda *told: consequences.committed(*told))
        measures.events_stored.inc(left[Fate.NEW] + left[Fate.JOINED])
        writer.fenced += left[Fate.FENCED]
        consequences = Consequences(writer.offer, snapshots, recordings, measures, clock)
        looks = LookWriter(database, clock, settings.tracks.track_log_h)
        scheduler = Scheduler(
            lambda: make_loop_detector(objects, settings),
            clock,
            lambda look: looked(look),
            settings.looking,
            batches=objects.batches,
        )
        board = StatusBoard(scheduler.counters, clock)

        def looked(look: Look) -> None:
            readers.attend(look)
            consequences.looked(look)
            looks.looked(look.frame.camera, look.frame.at, look.tracks, look.crossings)

        def shown(frame: Frame, waits: bool) -> None:
            # Here, and not after a look: where nothing moves nobody looks, and the picture is new all the same.
            recent.keep(frame)
            live.keep(frame)
            scheduler.offer(frame, waits)

        def make_reader(camera: WatchedCamera, ring: Ring, mark: DecodingMark) -> Reader:
            return Reader(
                camera.stream,
                unsealed(keys, camera),
                settings.streams,
                clock,
                ring=ring,
                on_frame=shown,
                on_status=board.put,
                mark=mark,
                watching=Watching(settings.looking.detect_fps, camera.attention),
            )

        def make_watch(camera: CameraId, rules: Sequence[Rule], epoch: int) -> Watch:
            looks.begin(camera, epoch)
            return Watch(camera, rules, epoch, tracking=settings.tracking, life=settings.events)

        def pictures_gone(camera: CameraId) -> None:
            recent.forget(camera)
            live.forget(camera)

        marks = stack.enter_context(DecodingMarks(slot.marks))
        readers = Readers(board, marks, clock, make_reader)
        city = City(
            scheduler,
            readers,
            board,
            clock,
            make_watch=make_watch,
            on_events=consequences.happened,
            on_pictures_gone=pictures_gone,
            areas=areas,
        )
        _tell(measures, scheduler, writer, snapshots, recordings, readers, board)
        _tell_of_looks(measures, looks)
        tell_of_outbox(measures, outbox, absence, clock)
        live_desk = WorkerLiveDesk(readers, live, clock, most=settings.live.viewers)
        tell_of_live_views(measures, live, live_desk)

        desk = WorkerRuleDesk(city, scheduler, ChildTrials(settings))
        own, token = settings.worker, secrets.token_urlsafe(32)
        server = stack.enter_context(
            worker_server(
                token,
                recent.masked,
                measures.text,
                desk,
                live_desk,
                host=own.host,
                port=own.port,
                most_live=settings.live.viewers,
            )
        )

        def register() -> WorkerId:
            with database.write() as connection:
                worker = workers.register(
                    connection,
                    pid=os.getpid(),
                    at=server_time(connection),
                    port=server.port,
                    token=token,
                    host=own.reached_at,
                    name=own.called(slot.number),
                    capacity=own.share,
                )
            note_registration(slot, worker)
            return worker.id

        left_behind = LeftBehind(settings, outbox_of, clock)
        left_behind.start()
        stack.callback(left_behind.stop, _SENDING_STOP_S)
        sender = MediaSender(outbox, clock)
        sender.start()
        stack.callback(sender.stop, _SENDING_STOP_S)
        snapshots.start()
        stack.callback(snapshots.stop, _STOP_S)
        live.start()
        stack.callback(live.stop, _STOP_S)
        writer.start()
        stack.callback(recordings.stop, _STOP_S)
        stack.callback(writer.stop, _STOP_S)
        looks.start()
        stack.callback(looks.stop, _STOP_S)
        scheduler.start()
        stack.callback(scheduler.stop)
        heart = Heart(database, board, clock, register)
        stack.callback(lambda: say_farewell(database, heart.worker))
        heart.start()
        stack.callback(heart.stop)
        stack.callback(city.close)
        dealing = Dealing(database, heart, clock)
        dealing.start()
        stack.callback(dealing.stop)
        history = HistoryKeeper(database, settings.history, clock)
        history.start()
        stack.callback(history.stop)
        retention = make_retention(settings, database, blobs, clock, lambda: heart.worker, measures, stack)
        retention.start()
        stack.callback(retention.stop)
        _log.info(
            "worker %d (%s) is ready; it answers the API at %s:%d",
            *(heart.worker, own.called(slot.number), own.reached_at, server.port),
        )
        Rounds(database, heart, city, clock).run(stop)


def _tell(
    measures: Measures,
    scheduler: Scheduler,
    writer: EventWriter,
    snapshots: SnapshotTaker,
    recordings: Recordings,
    readers: Readers,
    board: StatusBoard,
) -> None:
    """Let `/metrics` read how full each queue is, and what became of pictures and events."""
    measures.gauge("sharp_eyes_cameras_waiting", "Cameras whose picture waits for a thread", lambda: scheduler.depth)
    measures.gauge("sharp_eyes_events_waiting", "Events that wait to be written", lambda: writer.waiting)
    measures.gauge(
        "sharp_eyes_events_spooled", "Events on disk that the database has not taken yet", lambda: writer.spooled
    )
    measures.gauge("sharp_eyes_events_fenced", "Events not accepted: another worker watched", lambda: writer.fenced)
    measures.gauge("sharp_eyes_events_lost", "Events that found no room, or were refused", lambda: writer.lost)
    measures.gauge("sharp_eyes_snapshots_waiting", "Snapshots that wait to be masked", lambda: snapshots.waiting)
    measures.gauge("sharp_eyes_clips_recording", "Clips being recorded", lambda: recordings.going_on)
    measures.gauge("sharp_eyes_ring_bytes", "Bytes of packets kept for clips", lambda: readers.ring_bytes)
    measures.by_label("sharp_eyes_streams", "Streams by state", "state", board.by_state, Gauge)

    def dropped() -> dict[str, float]:
        counted = scheduler.dropped() + readers.dropped()
        return {reason.value: counted[reason] for reason in DropReason}

    name = "sharp_eyes_pictures_not_looked_at"
    measures.by_label(name, "Pictures not looked at, by reason", "reason", dropped, Counter)


def _tell_of_looks(measures: Measures, looks: LookWriter) -> None:
    measures.gauge(
        "sharp_eyes_track_log_waiting_bytes", "Minutes of the track log that wait", lambda: looks.waiting_bytes
    )
    measures.gauge("sharp_eyes_looks_not_logged", "Looks that found no room in the track log", lambda: looks.looks_lost)
    measures.gauge("sharp_eyes_crossings_lost", "Crossings that were not counted", lambda: looks.crossings_lost)
