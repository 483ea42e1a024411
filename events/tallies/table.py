"""The tables of tallies. Triggers of the database keep them, whoever writes, changes or removes an event."""

from sqlalchemy import Column, Integer, SmallInteger, Table

from registry.columns import RowNumber
from registry.db import metadata

ANY = 0
"""Stands for all departments, or all labels."""

ROOM = {"fillfactor": 70}
"""The rows of this hour and day change all the time: with room on its page a row's new version needs no index entry."""

event_tally = Table(
    "event_tally",
    metadata,
    Column("grain", SmallInteger, primary_key=True, autoincrement=False),
    Column("start", Integer, primary_key=True, autoincrement=False),
    Column("department", Integer, primary_key=True, autoincrement=False),
    Column("label", Integer, primary_key=True, autoincrement=False),
    Column("kind", SmallInteger, primary_key=True, autoincrement=False),
    Column("severity", SmallInteger, primary_key=True, autoincrement=False),
    Column("count", RowNumber, nullable=False),
    sqlite_with_rowid=False,
    postgresql_with=ROOM,
)
"""How many events started in an hour, a day or ten days. `grain` is its length in hours, 1, 24 or 240; `start` its
number, from `EVENT_EPOCH` on in UTC: the milliseconds of an id, `id >> CAMERA_BITS`, divided by those of the grain.
Each event is counted four times in each: for its department and for the city (`department` is `ANY`), for its label and
for all of them (`label` is `ANY`). A row that came to nothing goes.

Time comes first in the key: what is written now stands together, on few pages.
"""

camera_tally = Table(
    "camera_tally",
    metadata,
    Column("camera", Integer, primary_key=True, autoincrement=False),
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("label", Integer, primary_key=True, autoincrement=False),
    Column("count", Integer, nullable=False),
    sqlite_with_rowid=False,
    postgresql_with=ROOM,
)
"""How many events of a label started on a camera on a day, numbered as in `event_tally`."""
