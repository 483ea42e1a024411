"""What the worker measures of itself, as Prometheus text. No label names a camera: there may be thousands."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

_LATENCIES = (0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.5, 1.0, 2.0, 5.0)


class Measures:
    """Counters and histograms of one worker. Any thread."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self.look_latency = Histogram(
            "sharp_eyes_look_latency_seconds",
            "From the arrival of a frame until its events were made",
            buckets=_LATENCIES,
            registry=self._registry,
        )
        self.commit_latency = Histogram(
            "sharp_eyes_commit_latency_seconds",
            "From the arrival of the frame that made an event ripe until the event was committed",
            buckets=_LATENCIES,
            registry=self._registry,
        )
        self.events_made = Counter("sharp_eyes_events_made", "Events begun", registry=self._registry)
        self.events_stored = Counter(
            "sharp_eyes_events_stored", "Events committed for the first time", registry=self._registry
        )
        ProcessCollector(namespace="sharp_eyes_worker", registry=self._registry)

    def gauge(self, name: str, text: str, read: Callable[[], float]) -> None:
        """A value that is read when somebody asks."""
        Gauge(name, text, registry=self._registry).set_function(read)

    def by_label(self, name: str, text: str, label: str, read: Callable[[], Mapping[str, float]], kind: type) -> None:
        """Values by one label (a reason, a state), read when somebody asks; `kind` is `Counter` or `Gauge`."""
        self._registry.register(_ByLabel(name, text, label, read, kind))

    def text(self) -> bytes:
        return generate_latest(self._registry)


class _ByLabel(Collector):
    def __init__(self, name: str, text: str, label: str, read: Callable[[], Mapping[str, float]], kind: type) -> None:
        self._facts = name, text, label, read, kind

    def describe(self) -> Iterable[Metric]:
        return ()

    def collect(self) -> Iterator[Metric]:
        name, text, label, read, kind = self._facts
        family = (CounterMetricFamily if kind is Counter else GaugeMetricFamily)(name, text, labels=[label])
        for value, number in read().items():
            family.add_metric([value], number)
        yield family
