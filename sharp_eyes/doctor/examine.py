"""All checks of the doctor, in the order in which they build on each other."""

from collections.abc import Iterator

from core.clock import SystemClock

from ..settings import Settings
from .decoding import check_decoding
from .finding import Finding
from .machine import check_clock, check_disk, check_listening, check_names, check_port
from .networks import check_models, check_processor
from .notices import check_notices
from .storage import check_blobs, check_database, check_outboxes
from .streams import check_stream


def examine(settings: Settings, stream: str | None = None, certificate: str | None = None) -> Iterator[Finding]:
    """Findings as they come. `stream` is opened if it is given.

    Nothing that is examined is changed; in an S3 store a small blob is stored and removed again.
    """
    yield from check_names()
    yield check_processor()
    yield from check_models(settings)
    yield check_decoding(settings.streams.hardware_decoding)
    yield check_disk(settings.data)
    database, database_now = check_database(settings)
    yield database
    yield from check_notices(settings)
    if (blobs := check_blobs(settings)) is not None:
        yield blobs
    yield check_outboxes(settings, SystemClock().now())
    yield check_clock(database_now)
    yield check_port(settings.api.host, settings.api.port)
    yield from check_listening(settings.api)
    if stream is not None:
        yield check_stream(stream, certificate, settings.streams, SystemClock())
