"""What `/metrics` tells of alerts: the database's numbers, since the process that sends them answers nobody."""

from collections.abc import Iterable

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from events.alerts.counts import AlertCounts


def alert_measures(counts: AlertCounts) -> bytes:
    """`counts` as Prometheus text."""
    registry = CollectorRegistry()
    registry.register(_AlertMeasures(counts))
    return generate_latest(registry)


class _AlertMeasures(Collector):
    def __init__(self, counts: AlertCounts) -> None:
        self._counts = counts

    def collect(self) -> Iterable[Metric]:
        counts = self._counts
        yield CounterMetricFamily("sharp_eyes_alerts_matched", "Changes of events that were matched", counts.matched)
        gauges = (
            ("sharp_eyes_alerts_unmatched", "Changes of events that are still to be matched", counts.unmatched),
            ("sharp_eyes_alerts_waiting", "Deliveries that are to be sent, or sent again", counts.waiting),
            (
                "sharp_eyes_alerts_oldest_waiting_seconds",
                "For how long the oldest of them waits",
                counts.oldest_waiting_s,
            ),
            ("sharp_eyes_alerts_dead", "Deliveries that were given up in the last 24 hours", counts.dead),
            (
                "sharp_eyes_alerts_receivers_shut",
                "Receivers that are left alone for now, since they failed",
                counts.shut,
            ),
        )
        for name, meaning, value in gauges:
            yield GaugeMetricFamily(name, meaning, value)
