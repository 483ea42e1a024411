"""Where uploaded files of cameras wait for their turn: one is taken at a time, in a thread of its own.

Several programs may share the database, and even the folder: none takes what another one has in hand for left over.
"""

import fcntl
import logging
import os
import tempfile
from collections import deque
from collections.abc import Iterator, Set
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Condition, Thread
from threading import Event as Flag
from typing import BinaryIO, Final

from core.errors import Conflict, SharpEyesError, Unavailable
from registry.audit.entry import Act
from registry.audit.machine import put_by_machine
from registry.imports import records
from registry.imports.importer import Importer, ImportOrder
from registry.imports.opening import open_rows
from registry.imports.records import ENDED, ImportId, ImportRecord, ImportState, KeptLedger
from registry.imports.touched import Touched, sums_of
from registry.server_clock import server_time

from .caller import Caller

_log = logging.getLogger(__name__)

MOST_WAITING: Final = 4
_STOP_S: Final = 5.0
_RETRY_S: Final = 2.0
_BEAT_S: Final = 2.0


@dataclass(slots=True, eq=False)
class _Job:
    id: ImportId
    upload: "Upload"
    order: ImportOrder
    who: Caller
    ledger: Touched
    stop: Flag = field(default_factory=Flag)


class ImportDesk:
    """Takes files, one after the other. Any thread may ask."""

    def __init__(self, importer: Importer, folder: Path) -> None:
        """`folder` is where files lie until they are taken."""
        self._importer = importer
        self._folder = folder
        self._wake = Condition()
        self._waiting: deque[_Job] = deque()
        self._current: _Job | None = None
        self._stopping = False
        self._ended = Flag()
        self._thread = Thread(target=self._run, name="imports", daemon=True)
        self._heart = Thread(target=self._beat, name="imports-heart", daemon=True)

    @property
    def is_stopping(self) -> bool:
        return self._stopping

    def start(self) -> None:
        """Mark what programs that have ended left unfinished, and begin."""
        for left in self._folder.glob("*.upload"):
            _remove_if_left(left)
        self._tell_and_look()
        self._thread.start()
        self._heart.start()

    def request_stop(self) -> None:
        """Take nothing new, and leave off after the batch that is being written."""
        with self._wake:
            self._stopping = True
            if self._current is not None:
                self._current.stop.set()
            self._wake.notify()

    def stop(self) -> None:
        """As `request_stop`, and wait for it."""
        self.request_stop()
        self._thread.join(_STOP_S)
        self._ended.set()
        self._heart.join(_STOP_S)

    @contextmanager
    def run(self) -> Iterator[None]:
        """Take files for as long as the block lasts."""
        self.start()
        try:
            yield
        finally:
            self.stop()

    @contextmanager
    def spool(self) -> Iterator["Upload"]:
        """A file to put an upload into, which nobody else can read; removed again unless it was handed in."""
        if len(self._waiting) >= MOST_WAITING:
            raise Unavailable(f"{MOST_WAITING} files wait to be imported already", hint="try again in a minute")
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # mkstemp makes it with the mode 0600.
        number, name = tempfile.mkstemp(suffix=".upload", dir=self._folder)
        upload = Upload(Path(name), os.fdopen(number, "w+b"))
        try:
            fcntl.flock(number, fcntl.LOCK_EX)
            yield upload
        finally:
            if not upload.is_handed_in:
                upload.remove()

    def hand_in(self, upload: "Upload", name: str, order: ImportOrder, who: Caller) -> ImportRecord:
        """Put a whole upload of `who` into the queue. Raises `Unavailable` where too many wait."""
        maker = records.maker_of(who.principal)
        upload.file.flush()
        with self._wake:
            if len(self._waiting) >= MOST_WAITING or self._stopping:
                raise Unavailable(f"{MOST_WAITING} files wait to be imported already", hint="try again in a minute")
            with self._importer.database.write() as connection:
                at = server_time(connection)
                record = records.add(connection, file=name, dry_run=order.dry_run, at=at, maker=maker)
                detail = {"file": name, "dry_run": order.dry_run, "state": record.state.value}
                who.changed(connection, Act.IMPORT, "import", record.id, departments={order.department}, detail=detail)
            upload.is_handed_in = True
            ledger = Touched(KeptLedger(self._importer.database, record.id))
            self._waiting.append(_Job(record.id, upload, order, who, ledger))
            self._wake.notify()
        return record

    def cancel(self, number: ImportId, who: Caller) -> ImportRecord:
        """Stop an import after the batch that is being written, as `who` asks; one of another program some seconds
        later.

        Raises `NotFound`, and `Conflict` where it has ended.
        """
        with self._importer.database.write() as connection:
            record = records.get(connection, number)
            if record.state in ENDED:
                raise Conflict(f"import {number} has ended already: {record.state.value}")
            records.ask_to_stop(connection, number)
            departments = {who.principal.department} - {None}
            who.changed(connection, Act.IMPORT, "import", number, departments=departments, detail={"state": "stopping"})
        self._stop_those({number})
        return record

    def _stop_those(self, numbers: Set[ImportId]) -> bool:
        """Whether any of these imports is this program's."""
        with self._wake:
            jobs = [job for job in (self._current, *self._waiting) if job is not None and job.id in numbers]
            for job in jobs:
                job.stop.set()
        return bool(jobs)

    def _run(self) -> None:
        while (job := self._next()) is not None:
            try:
                self._take(job)
            except Exception:
                _log.exception("import %d could not be ended in order", job.id)
            finally:
                with suppress(OSError):
                    job.upload.remove()
                with self._wake:
                    self._current = None
        for job in self._waiting:
            job.upload.remove()
            with suppress(Unavailable):  # logged; others find out by this program's silence
                self._end(job, ImportState.INTERRUPTED, None)

    def _beat(self) -> None:
        while not self._ended.wait(_BEAT_S):
            self._tell_and_look()

    def _tell_and_look(self) -> None:
        """Tell others that this program's imports go on, stop those that others want to end, and mark those of programs
        that have ended."""
        with self._wake:
            numbers = [job.id for job in (self._current, *self._waiting) if job is not None]
        database = self._importer.database
        try:
            if numbers:
                with database.write() as connection:
                    records.beat(connection, numbers, server_time(connection))
                    asked_to_stop = records.asked_to_stop(connection, numbers)
                self._stop_those(asked_to_stop)
            with database.read() as connection:
                any_left = records.any_left(connection, server_time(connection))
            if any_left:
                with database.write() as connection:
                    at = server_time(connection)
                    for left in records.mark_interrupted(connection, at):
                        detail = {"dry_run": left.dry_run, "state": left.state.value, **sums_of(left.tally)}
                        put_by_machine(connection, at, Act.IMPORT, "import", left.id, detail=detail)
        except SharpEyesError as error:
            _log.warning("it is not on record which imports go on, and which were interrupted: %s", error.message)

    def _next(self) -> _Job | None:
        with self._wake:
            self._wake.wait_for(lambda: self._waiting or self._stopping)
            if self._stopping:
                return None
            self._current = self._waiting.popleft()
            return self._current

    def _take(self, job: _Job) -> None:
        fault: str | None = None
        state = ImportState.FINISHED
        try:
            self._read(job, job.upload.file)
            if job.stop.is_set():
                state = ImportState.INTERRUPTED if self._stopping else ImportState.CANCELLED
        except SharpEyesError as error:
            state = ImportState.FAILED
            fault = error.outside
            if error.hint is not None and fault == error.message:  # else the hint is for whoever runs the machine
                fault = f"{fault} ({error.hint})"
        except Exception as error:
            _log.exception("import %d failed", job.id)
            state, fault = ImportState.FAILED, f"a fault of the server ({type(error).__name__}); its log says more"
        self._end(job, state, fault)
        _log.info("import %d: %s", job.id, state.value)
        self._forget_old()

    def _end(self, job: _Job, state: ImportState, fault: str | None) -> None:
        """Write down how it ended, as soon as the database takes it; else the next start of the program does."""
        while True:
            try:
                with self._importer.database.write() as connection:
                    records.end(connection, job.id, state, self._importer.clock.now(), fault=fault)
                    touched = job.ledger.departments | {job.order.department}
                    detail = {"dry_run": job.order.dry_run, "state": state.value, **job.ledger.sums}
                    job.who.changed(connection, Act.IMPORT, "import", job.id, departments=touched, detail=detail)
            except Unavailable as error:
                _log.warning("the end of import %d is not on record yet: %s", job.id, error.message)
                with self._wake:
                    if self._wake.wait_for(lambda: self._stopping, _RETRY_S):
                        raise
            else:
                return

    def _read(self, job: _Job, file: BinaryIO) -> None:
        reader = open_rows(file, self._importer.settings)
        try:
            with self._importer.database.write() as connection:
                records.begin(connection, job.id, reader.ignored)
                if records.asked_to_stop(connection, [job.id]):
                    job.stop.set()
            self._importer.run(reader, job.order, job.ledger, job.stop)
            with self._importer.database.write() as connection:
                records.begin(connection, job.id, reader.ignored)  # in JSON they turn up row by row
        finally:
            reader.close()

    def _forget_old(self) -> None:
        more = True
        while more and not self._stopping:
            with self._importer.database.write() as connection:
                more = records.forget_old(connection, self._importer.settings.kept)


@dataclass(slots=True, eq=False)
class Upload:
    """A file that arrives. It is locked for as long as it is open, by which other programs know that it is not left
    over."""

    path: Path
    file: BinaryIO
    is_handed_in: bool = False

    def remove(self) -> None:
        """Let go of it, and remove it."""
        self.path.unlink(missing_ok=True)
        with suppress(OSError):  # what could not be written before cannot be written now
            self.file.close()


def _remove_if_left(path: Path) -> None:
    """Remove an upload whose program has ended."""
    try:
        with path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink(missing_ok=True)
    except OSError:
        pass  # another program has it in hand, or has just removed it
