"""What `/metrics` tells of a worker's outbox."""

from prometheus_client import Counter

from core.clock import Clock
from events.media.absence import Absence
from events.media.outbox import Outbox, OutboxFault

from .measures import Measures


def tell_of_outbox(measures: Measures, outbox: Outbox, absence: Absence, clock: Clock) -> None:
    """Let `/metrics` read what waits for the store, for how long, and what went wrong."""

    def oldest_s() -> float:
        oldest = outbox.total.oldest_at
        return 0.0 if oldest is None else max(0.0, (clock.now() - oldest).total_seconds())

    measures.gauge(
        "sharp_eyes_media_waiting", "Media on this worker's disk that wait for the store", lambda: outbox.total.media
    )
    measures.gauge(
        "sharp_eyes_media_waiting_bytes", "Bytes of media that wait for the store", lambda: outbox.total.bytes
    )
    measures.gauge("sharp_eyes_media_oldest_waiting_seconds", "For how long the oldest of them waits", oldest_s)
    measures.gauge(
        "sharp_eyes_store_away_seconds", "For how long the store has failed at each try", lambda: absence.seconds
    )

    def failures() -> dict[str, float]:
        return {fault.value: outbox.failures[fault] for fault in OutboxFault}

    measures.by_label(
        "sharp_eyes_media_failures", "Media not taken, and tries to send that failed", "reason", failures, Counter
    )
