"""Measures of several workers in one text that Prometheus reads."""

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from api.worker_metrics import with_worker_labels


def measured(count: int) -> bytes:
    registry = CollectorRegistry()
    Counter("events", "Events", registry=registry).inc(count)
    Histogram("latency", 'Time "from" a to b', ["route"], buckets=(1, 2), registry=registry).labels("a{b} c").observe(
        1.5
    )
    return generate_latest(registry)


def test_each_sample_says_whose_it_is_and_each_metric_is_described_once() -> None:
    text = with_worker_labels({"left": measured(1), "right": measured(2)}).decode()
    families = {family.name: family for family in text_string_to_metric_families(text)}
    assert {
        sample.labels["worker"]: sample.value for sample in families["events"].samples if sample.name == "events_total"
    } == {"left": 1, "right": 2}
    buckets = [sample for sample in families["latency"].samples if sample.name == "latency_bucket"]
    assert {(sample.labels["worker"], sample.labels["route"]) for sample in buckets} == {
        ("left", "a{b} c"),
        ("right", "a{b} c"),
    }
    assert families["latency"].documentation == 'Time "from" a to b'
    assert text.count("# TYPE latency ") == 1


def test_a_name_may_hold_what_it_likes() -> None:
    name = 'a"b\\c\nd'
    (family,) = text_string_to_metric_families(
        with_worker_labels({name: b"# HELP x X\n# TYPE x gauge\nx 1\n"}).decode()
    )
    assert family.samples[0].labels == {"worker": name}


def test_of_no_workers_there_is_nothing() -> None:
    assert with_worker_labels({}) == b""
