"""The names that most events have in common, kept in memory: to look them up for each event takes a third of the time
in which a page's rows are read."""

from collections.abc import Iterable
from typing import Final

from sqlalchemy import Connection, text

from registry import version
from registry.db import is_reading, is_sqlite
from registry.per_database import PerDatabase

from ..number_lists import listed

_WORDS: Final = ("rule_name", "event_kind", "label")
"""Tables whose rows are never changed nor removed."""
_AMONG: Final = {True: "IN (SELECT value FROM json_each(:numbers))", False: "= ANY(CAST(:numbers AS integer[]))"}
_LOOK_UP: Final = {
    table: {
        embedded: text(f"SELECT id, name FROM {table} WHERE id {among}")  # noqa: S608 - names of ours
        for embedded, among in _AMONG.items()
    }
    for table in (*_WORDS, "department")
}
_Numbers = dict[int, str]


class Names:
    """Names by their numbers, as far as they were looked up: those of departments in one version of the registry.

    It is equal to nothing but itself: what is made with its names is kept by it.
    """

    __slots__ = ("departments", "kinds", "labels", "rule_names")

    def __init__(self, rule_names: _Numbers, kinds: _Numbers, labels: _Numbers) -> None:
        self.rule_names = rule_names
        self.kinds = kinds
        self.labels = labels
        self.departments: _Numbers = {}

    def learn(self, connection: Connection, numbers: Iterable[tuple[int, int, int, int]]) -> None:
        """Look up what is not known of these: each a rule's name, a kind, a label and a department."""
        embedded = is_sqlite(connection)
        kept = self.rule_names, self.kinds, self.labels, self.departments
        for table, known, asked in zip(_LOOK_UP, kept, zip(*numbers, strict=True), strict=True):
            if unknown := set(asked) - known.keys():
                given = {"numbers": listed(unknown, embedded=embedded)}
                known.update(connection.execute(_LOOK_UP[table][embedded], given).all())


class _Kept:
    """The names of one database, and the version of its registry that those of departments are of."""

    def __init__(self) -> None:
        self.last = 0, Names({}, {}, {})


_kept: Final = PerDatabase(_Kept)


def names_of(connection: Connection) -> Names:
    """Names that are as `connection` sees them. One for writing may see what is never committed: nothing is kept."""
    if not is_reading(connection):
        return Names({}, {}, {})
    kept, now = _kept.of(connection), version.current(connection)
    seen, names = kept.last
    if seen != now:
        names = Names(names.rule_names, names.kinds, names.labels)
        kept.last = now, names
    return names
