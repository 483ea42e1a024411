"""The API process."""

import gc
import logging
from contextlib import ExitStack
from threading import Event as Flag

from api.app import api_server
from api.listening import doubts
from api.services import Services
from core.clock import SystemClock
from core.errors import SharpEyesError
from events.media.masked_clips import MaskedClips
from events.media.shown_snapshots import ShownSnapshots
from ingest.address import check_address, hide_secrets
from registry.access.expiry import ExpiryWatch
from registry.audit.checkpoints import CheckpointKeys
from registry.audit.looks import GroupedLooks
from registry.audit.sealer import Sealer
from registry.uptime.days import Days
from registry.visibility import Visibility

from .clip_renderer import ProcessRenderer
from .first_start import tell_set_up_link
from .openings import ORIGINALS, model_store, open_blobs
from .preparation import open_keys, prepare, schema_fault
from .probes import ChildProber
from .settings import Settings
from .welcome import console_address

_log = logging.getLogger(__name__)

_STOP_S = 2.0


def run_api(settings: Settings, stop: Flag) -> None:
    """Serve the API and the console until `stop` is set. Raises what keeps the API from starting."""
    clock = SystemClock()
    with ExitStack() as stack:
        database = prepare(settings)
        stack.callback(database.close)
        keys = open_keys(settings)
        blobs = open_blobs(settings)
        clips = MaskedClips(blobs, lambda: keys.derive_all(ORIGINALS), database, ProcessRenderer(settings), clock)
        clips.start()
        stack.callback(clips.stop, _STOP_S)
        expiry = ExpiryWatch(database, clock)
        expiry.start()
        stack.callback(expiry.stop, _STOP_S)
        # Nobody asks any more when the looks end, and the last ones are sealed and signed.
        sealer = Sealer(database, CheckpointKeys(keys), clock)
        sealer.start()
        stack.callback(sealer.stop, _STOP_S)
        looks = GroupedLooks(database)
        looks.start()
        stack.callback(looks.stop, _STOP_S)
        server = api_server(
            Services(
                settings=settings.api,
                database=database,
                sealing_key=keys,
                blobs=blobs,
                clips=clips,
                snapshots=ShownSnapshots(blobs),
                clock=clock,
                data_folder=settings.data,
                check_address=lambda url: check_address(url, files=settings.streams.files, own_port=server.port),
                hide_secrets=hide_secrets,
                prober=ChildProber(settings),
                imports=settings.imports,
                access=settings.access,
                alerts=settings.alerts,
                retention=settings.retention,
                track_log_h=settings.tracks.track_log_h,
                schema_fault=lambda: schema_fault(database),
                days=Days(settings.history.zone),
                visibility=Visibility(settings.access.event_facts, clock),
                looks=looks,
                labels=_labels(settings),
            )
        )
        stack.enter_context(server)
        _log.info("the console is at %s", server.url)
        for doubt in doubts(settings.api):
            _log.warning("%s (%s)", doubt.found, doubt.advice)
        tell_set_up_link(database, settings, console_address(settings, port=server.port), clock.now())
        # What is there now stays: going through all of it again would let everybody wait for a seventh of a second.
        gc.collect()
        gc.freeze()
        while not stop.wait(1.0):
            if not server.is_alive:
                raise SharpEyesError("the HTTP server ended by itself", hint="the log says why")


def _labels(settings: Settings) -> frozenset[str] | None:
    """What the detector calls objects; None where its model is missing, which the worker and the doctor tell."""
    try:
        return frozenset(model_store(settings).find(settings.detector.model).card.labels)
    except SharpEyesError as error:
        _log.warning("labels of rules are not checked: %s", error.message)
        return None
