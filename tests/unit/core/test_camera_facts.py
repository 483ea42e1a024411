"""What may be on record of a camera."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from core.camera_facts import (
    NO_FACTS,
    CameraFacts,
    PointClass,
    PtzType,
    RoomType,
    changed_facts,
    check_facts,
    review_facts,
)
from core.errors import BadInput
from core.gb_tables import GbEdition

FULL = CameraFacts(
    gb_code="31010400111320000017",
    gb_edition=GbEdition.E2016,
    own_id="EDU-17",
    region="310104003",
    manufacturer="海康威视",
    model="DS-2CD",
    address="天钥桥路 100 号",
    longitude=121.44,
    latitude=31.19,
    point_class=PointClass.SECOND,
    ptz_type=PtzType.FIXED,
    room_type=RoomType.OUTDOOR,
    look_direction=90.0,
    field_of_view=110.0,
    installed_on=date(2024, 5, 1),
    management_unit="徐汇区教育局",
    contact="李老师 021-1234",
    recording_days=30,
    resolution="1920x1080",
    uplink="NVR 3",
    extra={"asset": 7, "tags": ["a", {"deep": None}]},
)


def test_facts_that_can_be_are_taken_as_they_are() -> None:
    assert check_facts(FULL) == FULL
    assert check_facts(NO_FACTS) == NO_FACTS


def test_texts_are_trimmed_and_empty_ones_are_none() -> None:
    given = CameraFacts(own_id=" A1 ", address="  ", gb_code=" 31010400111320000017 ", region=" 31 ", resolution="")
    checked = check_facts(given)
    assert checked == CameraFacts(own_id="A1", gb_code="31010400111320000017", gb_edition=GbEdition.E2022, region="31")


def test_an_edition_without_a_code_is_dropped() -> None:
    assert check_facts(CameraFacts(gb_edition=GbEdition.E2016)) == NO_FACTS


@pytest.mark.parametrize("text", ["1920x1080", "1920X1080", "1920*1080", "1920\u00d71080", " 01920x1080"])
def test_a_resolution_has_one_form(text: str) -> None:
    assert check_facts(CameraFacts(resolution=text)).resolution == "1920x1080"


def test_a_full_turn_is_north() -> None:
    assert check_facts(CameraFacts(look_direction=360)).look_direction == 0


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("gb_code", "31010400111180000017"),
        ("own_id", "x" * 65),
        ("own_id", "a\u202eb"),
        ("own_id", "a\u200bb"),
        ("region", "310"),
        ("region", "31010a"),
        ("manufacturer", "a\nb"),
        ("address", "x" * 257),
        ("longitude", 121.0),
        ("point_class", 4),
        ("ptz_type", 8),
        ("room_type", 0),
        ("look_direction", -1.0),
        ("look_direction", float("nan")),
        ("field_of_view", 0.0),
        ("installed_on", date(1900, 1, 1)),
        ("recording_days", -1),
        ("resolution", "1080p"),
        ("resolution", "0x1080"),
        ("resolution", "1920x1080x3"),
        ("resolution", "\u00b2x2"),
        ("extra", {"a": {"b": {"c": {"d": {"e": 1}}}}}),
        ("extra", {"": 1}),
        ("extra", {"a\u202eb": 1}),
        ("extra", {"a": "x" * 5000}),
        ("extra", {f"k{n}": 0 for n in range(65)}),
        ("extra", {"a": 10**400}),
        ("extra", {"a": float("inf")}),
        ("extra", {"a": "\ud800"}),
        ("extra", {"a": "\0"}),
    ],
)
def test_a_fact_that_cannot_be_is_refused_with_its_field(field: str, value: Any) -> None:
    with pytest.raises(BadInput) as caught:
        check_facts(replace(NO_FACTS, **{field: value}))
    assert (caught.value.field or "").split(".")[0] in (field, "latitude")


def test_a_review_names_every_fault_and_leaves_the_rest() -> None:
    wrong: dict[str, Any] = {"resolution": "big", "room_type": 5, "longitude": None}
    kept, faults = review_facts(replace(FULL, **wrong))
    assert [fault.field for fault in faults] == ["longitude", "room_type", "resolution"]
    assert kept == replace(FULL, resolution=None, room_type=None, longitude=None, latitude=None)


def test_changes_are_told_field_by_field() -> None:
    after = replace(FULL, model="DS-3", uplink=None)
    assert list(changed_facts(FULL, after)) == [("model", "DS-2CD", "DS-3"), ("uplink", "NVR 3", None)]
