"""The worker: wires readers, scheduler, event index and media together, and keeps them equal to the registry."""

import logging
import os
import secrets
from contextlib import ExitStack
from dataclasses import dataclass
from threading import Event as Flag

from api.worker_port import worker_server
from core.clock import Clock, SystemClock
from core.errors import Unavailable
from core.event import Event
from events.index.write import close_interrupted
from events.media import records
from events.media.blobs import FolderBlobs
from inference.scheduler import Scheduler
from inference.watch import Look, Watch
from ingest.pictures import picture_of
from ingest.reader import Reader
from registry import epochs, sealing_key, stream_states, version, workers
from registry.db import Database
from registry.snapshot import Snapshot, snapshot
from registry.workers import WorkerId

from ..openings import make_detector, open_masker, open_objects_model
from ..preparation import prepare
from ..settings import Settings
from .city import City, unsealed
from .decoding_marks import DecodingMarks
from .event_writer import EventWriter
from .measures import Measures
from .only_one import only_one
from .recent import RecentPictures
from .status_board import StatusBoard

_log = logging.getLogger(__name__)
_ROUND_S = 1.0
"""How often the registry's version is asked for, states are put on record, and the heart beats."""
