"""Reckons what became of events, alerts and pictures: from the database, the store and the receiver's file alone.

This stands beside the system and imports nothing of it: `python -m tests.chaos.reckoning DATABASE_URL --received FILE
--store HOST:PORT --bucket B --subscription N`, the login to the store in `ACCESS_KEY` and `SECRET_KEY`. It goes by
these facts:

- every event that is stored and began is told once, under one message's number, and so is every event that ended;
- what the receiver has on disk was made by somebody: it is in the database;
- a picture that is ready lies in the store, with the length and the checksum that its row has, and is a JPEG; one that
  is not has a reason; nothing is on its way any more;
- nothing lies in the store that no row names.
"""

import argparse
import hashlib
import json
import os
import re
from collections import Counter, defaultdict
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import psycopg
from minio import Minio

Row = tuple[Any, ...]
_KEY = re.compile(r"[0-9]{4}/[0-9]{2}/[^ ;]+")


@dataclass(slots=True)
class Reckoning:
    """What was found."""

    stored: int = 0
    changes: int = 0
    matched: int = 0
    """Changes that the matcher has seen, by its own count; it may see more than there are now."""
    unmatched: int = 0
    """Changes after the last one that was matched."""
    to_tell: int = 0
    """Moments of stored events: begun, and ended."""
    told: int = 0
    """Of those, how many the receiver has, once or more."""
    untold: list[str] = field(default_factory=list)
    told_of_nothing: list[str] = field(default_factory=list)
    """Messages about events that are not stored."""
    repeats: int = 0
    """Messages that came again, under the same number."""
    told_twice: list[str] = field(default_factory=list)
    """Moments that came under more than one number."""
    deliveries: dict[str, int] = field(default_factory=dict)
    media: dict[str, int] = field(default_factory=dict)
    """By kind and state."""
    reasons: dict[str, int] = field(default_factory=dict)
    """Why media are missing, and how many."""
    masked_pictures: int = 0
    """Snapshots that lie in the store, whole, and can be seen."""
    damaged: list[str] = field(default_factory=list)
    """Keys whose blob is missing, or is not what its row says."""
    orphans: list[str] = field(default_factory=list)
    """Keys that no row names."""
    without_media: int = 0
    """Events without a word about their snapshot."""

    @property
    def adds_up(self) -> bool:
        """Whether everything is accounted for, once."""
        wrong = self.untold, self.told_of_nothing, self.told_twice, self.damaged, self.orphans
        pending = sum(number for name, number in self.media.items() if name.endswith(" pending"))
        return not any(wrong) and not (pending or self.unmatched or self.without_media)


def reckon(database: str, received: Path, store: Minio, bucket: str, subscription: int) -> Reckoning:
    """Reckon once nothing goes on any more."""
    found = Reckoning()
    with psycopg.connect(database) as connection:
        _alerts(connection, found, received, subscription)
        _media(connection, found, store, bucket)
    return found


def _alerts(connection: "psycopg.Connection[Row]", found: Reckoning, received: Path, subscription: int) -> None:
    due: set[tuple[int, str]] = set()
    for id_, ended_at in connection.execute("SELECT id, ended_at FROM event"):
        found.stored += 1
        due.add((id_, "started"))
        if ended_at is not None:
            due.add((id_, "ended"))
    found.to_tell = len(due)
    (cursor,) = connection.execute("SELECT seq, matched FROM alert_cursor")
    found.matched = cursor[1]
    for (count,) in connection.execute("SELECT count(*) FROM event_change"):
        found.changes = count
    for (count,) in connection.execute("SELECT count(*) FROM event_change WHERE seq > %s", [cursor[0]]):
        found.unmatched = count
    states = "SELECT state, count(*) FROM delivery WHERE subscription = %s GROUP BY 1"
    found.deliveries = dict(connection.execute(states, [subscription]).fetchall())
    came: Counter[str] = Counter()
    by_moment: dict[tuple[int, str], set[str]] = defaultdict(set)
    for line in received.read_text().splitlines() if received.exists() else ():
        message = json.loads(line)
        came[message["id"]] += 1
        if message["event"] is not None:
            by_moment[int(message["event"]), message["moment"]].add(message["id"])
    found.repeats = sum(came.values()) - len(came)
    found.told = len(due & by_moment.keys())
    found.untold = [f"{event} {moment}" for event, moment in sorted(due - by_moment.keys())][:20]
    found.told_of_nothing = [f"{event} {moment}" for event, moment in sorted(by_moment.keys() - due)][:20]
    found.told_twice = [f"{one[0]} {one[1]}" for one, ids in sorted(by_moment.items()) if len(ids) > 1][:20]


def _media(connection: "psycopg.Connection[Row]", found: Reckoning, store: Minio, bucket: str) -> None:
    counted: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    named: dict[str, tuple[str, int, str | None]] = {}
    rows = "SELECT kind, state, reason, blob_key, bytes, sha256 FROM event_media"
    for kind, state, reason, key, length, sha256 in connection.execute(rows):
        counted[f"{kind} {state}"] += 1
        if state == "failed":
            reasons[f"{kind}: {_KEY.sub('...', reason)}"] += 1
        if state == "ready":
            named[key] = kind, length, sha256
    found.media, found.reasons = dict(sorted(counted.items())), dict(reasons.most_common())
    without = "SELECT count(*) FROM event e WHERE NOT EXISTS (SELECT 1 FROM event_media m WHERE m.event = e.id)"
    for (count,) in connection.execute(without):
        found.without_media = count
    lying = {str(one.object_name) for one in store.list_objects(bucket, recursive=True)}
    found.orphans = sorted(lying - named.keys())[:20]
    for key, (kind, length, sha256) in named.items():
        content = _read(store, bucket, key) if key in lying else b""
        is_whole = len(content) == length and sha256 in (None, hashlib.sha256(content).hexdigest())
        if kind == "snapshot" and is_whole:
            is_whole = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR) is not None
            found.masked_pictures += is_whole
        if not is_whole:
            found.damaged.append(key)


def _read(store: Minio, bucket: str, key: str) -> bytes:
    answer = store.get_object(bucket, key)
    try:
        return answer.read()
    finally:
        answer.close()
        answer.release_conn()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("database")
    parser.add_argument("--received", type=Path, required=True)
    parser.add_argument("--store", required=True)
    parser.add_argument("--bucket", required=True)
    parser.add_argument("--subscription", type=int, required=True)
    asked = parser.parse_args()
    store = Minio(asked.store, os.environ["ACCESS_KEY"], os.environ["SECRET_KEY"], secure=False)
    found = reckon(asked.database, asked.received, store, asked.bucket, asked.subscription)
    print(json.dumps({**asdict(found), "adds_up": found.adds_up}, indent=2))


if __name__ == "__main__":
    main()
