"""A process that sends what is in an outbox until a test kills it: its orders come by standard input."""

import sys
from contextlib import closing
from pathlib import Path

from pydantic import SecretStr

from core.clock import SystemClock
from events.media.ledger import MediaLedger
from events.media.outbox import Outbox, Sending
from events.media.s3_blobs import S3Blobs
from events.media.settings import BlobSettings
from registry.db import open_database
from tests.support.object_store import BUCKET


def main() -> None:
    """Send all."""
    folder, place, endpoint, access_key, secret_key = sys.stdin.read().split("\n")[:5]
    settings = BlobSettings(
        s3_endpoint=endpoint,
        bucket=BUCKET,
        access_key=SecretStr(access_key),
        secret_key=SecretStr(secret_key),
        secure=False,
    )
    clock = SystemClock()
    with closing(open_database(place)) as database:
        blobs = S3Blobs(settings, Path(folder) / "drafts")
        outbox = Outbox(Path(folder), blobs, MediaLedger(database, clock), clock, limit_bytes=100_000_000)
        while outbox.send_next() is not Sending.NOTHING:
            pass


if __name__ == "__main__":
    main()
