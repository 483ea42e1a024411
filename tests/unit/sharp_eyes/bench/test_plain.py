"""The plain loop of the benchmark must be a fair one: it finds what ours finds."""

from pathlib import Path

from core.attention import Attention, Sensitivity
from sharp_eyes.bench.loop.agreement import PlainAsDetector, detections_agree, watch_clip
from sharp_eyes.bench.loop.plain import PlainDetector
from sharp_eyes.openings import make_loop_detector, model_store, open_objects_model
from sharp_eyes.settings import Settings
from tests.support.footage import bikes


def test_the_plain_loop_finds_what_ours_finds() -> None:
    settings = Settings(data=Path("nowhere"))
    session = open_objects_model(settings)
    plain = PlainDetector(str(model_store(settings).find(settings.detector.model).path), settings.tracking.low_score)
    theirs, ours = PlainAsDetector(plain, session.card.labels), make_loop_detector(session, settings)
    agreement = detections_agree(bikes(), ours, theirs, fps=2)
    assert agreement.detections > 30
    assert agreement.found_again is not None
    assert agreement.found_again > 0.9


def test_the_benchmark_s_gate_leaves_the_events_of_a_busy_street_as_they_are() -> None:
    settings = Settings(data=Path("nowhere"))
    detector = make_loop_detector(open_objects_model(settings), settings)
    without = watch_clip(bikes(), detector, Attention(Sensitivity.OFF), settings)
    gated = watch_clip(bikes(), detector, Attention(), settings)
    assert without.events
    assert [event.started_at for event in gated.events] == [event.started_at for event in without.events]
    assert gated.looks <= without.looks == 50
