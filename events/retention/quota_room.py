"""Sees to it that departments keep to their quotas: their oldest media go that nobody holds."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from threading import Event as Flag
from typing import Final

from core.camera import DepartmentId
from core.clock import Clock
from registry.access.department_tree import DepartmentTree
from registry.db import Database

from ..media.table import MediaKind
from . import quotas, usage
from .media_removal import MediaRemoval, Reason, Removed
from .medium import Medium
from .oldest import Candidate, OldestFirst
from .settings import RetentionSettings
from .trouble import Tell, Trouble, megabytes

_PAUSE_S: Final = 0.02


class QuotaRoom:
    """Sees to it that departments keep to their quotas, as far as media are counted. For one thread."""

    def __init__(
        self, database: Database, removal: MediaRemoval, clock: Clock, settings: RetentionSettings, tell: Tell
    ) -> None:
        self._database = database
        self._removal = removal
        self._clock = clock
        self._settings = settings
        self._tell = tell
        self._told: set[tuple[Trouble, DepartmentId]] | None = None
        """Of what somebody was told; None: it is not known, an earlier process may have said something."""

    def look(self, stop: Flag) -> Removed:
        """Remove the oldest media of departments that have too many bytes; what has gone. Raises `Unavailable`."""
        with self._database.read() as connection:
            counted = usage.list_usage(connection)
            known = set(DepartmentTree(connection).kinds)
            own = {one.department: one.bytes for one in quotas.list_quotas(connection)}
        has: Counter[DepartmentId] = Counter()
        for one in counted:
            has[one.department] += one.bytes
        removed, troubles = Removed(), dict[tuple[Trouble, DepartmentId], str]()
        for department, size in has.items():
            quota = own.get(department, self._settings.quota_bytes)
            if quota is None or size <= quota or stop.is_set():
                continue
            troubles[Trouble.QUOTA_REACHED, department] = f"it had {megabytes(size)}, and may have {megabytes(quota)}"
            gone, held_back = self._relieve(department, size - quota, stop)
            removed += gone
            if gone.bytes < size - quota and not stop.is_set():
                why = "holds keep all that is left" if held_back else "nothing is left that could go"
                troubles[Trouble.ALL_HELD, department] = f"it has too much, and {why}"
        self._say(troubles, known)
        return removed

    def _relieve(self, department: DepartmentId, lacking: int, stop: Flag) -> tuple[Removed, int]:
        """What went, and how many media were passed over since a hold is on them."""
        walk, removed = OldestFirst(self._database, department), Removed()
        while removed.bytes < lacking and not stop.is_set():
            some = walk.next(lacking - removed.bytes)
            if not some:
                break
            gone = self._removal.remove([(one.event, one.kind) for one in some], Reason.QUOTA)
            removed += gone
            self._subtract(department, some)
            self._clock.sleep(_PAUSE_S, stop)
        return removed, walk.held_back

    def _subtract(self, department: DepartmentId, gone: Sequence[Candidate]) -> None:
        of_kind: defaultdict[MediaKind, list[int]] = defaultdict(list)
        for one in gone:
            of_kind[one.kind].append(one.bytes)
        with self._database.write() as connection:
            for kind, sizes in of_kind.items():
                usage.subtract(connection, department, Medium(kind.value), len(sizes), sum(sizes))

    def _say(self, troubles: dict[tuple[Trouble, DepartmentId], str], known: set[DepartmentId]) -> None:
        told = self._told
        if told is None:
            told = {(one, number) for one in (Trouble.QUOTA_REACHED, Trouble.ALL_HELD) for number in known}
        for (trouble, department), detail in troubles.items():
            self._tell(trouble, f"department {department}", detail)
        for trouble, department in told - set(troubles):
            self._tell(trouble, f"department {department}", None)
        self._told = set(troubles)
