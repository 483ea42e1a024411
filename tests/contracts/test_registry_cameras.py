"""Cameras with all their facts: kept, in nobody's way, removed and brought back, moved."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import Connection, select

from core.attention import Attention, Sensitivity
from core.box import Point
from core.camera import Camera, Login
from core.camera_facts import NO_FACTS, CameraFacts, PointClass, PtzType, RoomType
from core.errors import BadInput, Conflict, NotFound
from core.gb_tables import GbEdition
from core.ids import CameraId
from core.place import Place, gcj02_of
from core.zone import Polygon
from registry import attention, cameras, departments, lines, regions, rules, snapshot, stream_secrets, streams, zones
from registry.key_ring import ring_of
from registry.regions import Region
from registry.sealing_key import SealingKey
from registry.tables import camera as camera_table
from registry.tables import former_owner
from tests.support.builders import START, after

CODE = "31010400111320000017"
FULL = CameraFacts(
    gb_code=CODE,
    gb_edition=GbEdition.E2016,
    own_id="EDU-17",
    region="310104",
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
    contact="李老师",
    recording_days=30,
    resolution="1920x1080",
    uplink="NVR 3",
    extra={"asset": 7, "名": ["a", {"deep": None}]},
)
KEY = ring_of(SealingKey(b"k" * 32))


@pytest.fixture
def camera(connection: Connection) -> Camera:
    """A camera of which everything is known."""
    regions.put(connection, Region("310104", "徐汇区"))
    return cameras.add(connection, name="North gate", facts=FULL)


def test_all_facts_of_a_camera_are_kept(connection: Connection, camera: Camera) -> None:
    record = cameras.record(connection, camera.id)
    assert (record.camera, record.facts, record.revision) == (camera, FULL, 1)


def test_a_change_raises_the_revision_once_and_none_does_not(connection: Connection, camera: Camera) -> None:
    cameras.change(connection, camera, START, facts=replace(FULL, model=" DS-2CD "))
    assert cameras.record(connection, camera.id).revision == 1
    cameras.change(connection, replace(camera, enabled=False), START, facts=replace(FULL, model="DS-3"))
    record = cameras.record(connection, camera.id)
    assert (record.revision, record.facts.model, record.camera.enabled) == (2, "DS-3", False)


def test_what_is_searched_is_folded_and_follows_each_change(connection: Connection, camera: Camera) -> None:
    searched = select(camera_table.c.search_text).where(camera_table.c.id == camera.id)
    lines_before = connection.execute(searched).scalar_one().split("\n")
    cameras.change(connection, replace(camera, name="ＳＯＵＴＨ"), START, facts=replace(NO_FACTS, model="Ⅳ"))
    assert connection.execute(searched).scalar_one() == "south\niv"
    assert lines_before == ["north gate", "天钥桥路 100 号", "edu-17", CODE, "海康威视", "ds-2cd", "徐汇区教育局"]


@pytest.mark.parametrize(
    ("facts", "words"),
    [(CameraFacts(gb_code=CODE), f"has the code {CODE}"), (CameraFacts(own_id="EDU-17"), "has the id 'EDU-17'")],
)
def test_a_code_or_own_id_that_is_taken_names_who_has_it(
    connection: Connection, camera: Camera, facts: CameraFacts, words: str
) -> None:
    with pytest.raises(Conflict, match=rf"camera {camera.id} \('North gate'\).*{words}"):
        cameras.add(connection, name="other", facts=facts)
    other = cameras.add(connection, name="other")
    with pytest.raises(Conflict, match=words):
        cameras.change(connection, other, START, facts=facts)


def test_an_own_id_is_the_departments_own(connection: Connection, camera: Camera) -> None:
    water = departments.add(connection, name="Water")
    moved = cameras.add(connection, name="other", department=water.id, facts=CameraFacts(own_id="EDU-17"))
    with pytest.raises(Conflict, match="EDU-17"):
        cameras.change(connection, replace(moved, department=camera.department), START)


def test_a_region_must_be_registered(connection: Connection) -> None:
    with pytest.raises(BadInput, match="no region 310104") as caught:
        cameras.add(connection, name="gate", facts=CameraFacts(region="310104"))
    assert caught.value.field == "region"


@pytest.mark.parametrize(
    ("code", "region"),
    [
        ("31010400111320000018", "310104"),
        ("31010000111320000018", "310104"),
        ("31010400111320000018", "31"),
        ("31010400111320000018", "310104003"),
        ("31010422111320000018", "310104003"),
        ("31010400111320000018", "990001"),
    ],
)
def test_a_code_goes_with_a_region_in_it_around_it_or_stored_below_it(
    connection: Connection, camera: Camera, code: str, region: str
) -> None:
    regions.put(connection, Region("31", "上海市"))
    regions.put(connection, Region("3101", "市辖区", parent="31"))
    regions.put(connection, Region("310104003", "天平路街道", parent="310104"))
    regions.put(connection, Region("990001", "Zone with a code of its own", parent="310104"))
    cameras.add(connection, name="other", facts=CameraFacts(gb_code=code, region=region))


def test_a_code_of_another_region_is_refused(connection: Connection, camera: Camera) -> None:
    regions.put(connection, Region("310105", "长宁区"))
    with pytest.raises(BadInput, match="neither in it nor around it") as caught:
        cameras.change(connection, camera, START, facts=replace(FULL, region="310105"))
    assert caught.value.field == "gb_code"


def test_an_area_that_is_not_registered_is_refused_once_any_is(connection: Connection) -> None:
    facts = CameraFacts(gb_code="44030500111320000001")
    early = cameras.add(connection, name="early", facts=facts)
    regions.put(connection, Region("310104", "徐汇区"))
    with pytest.raises(BadInput, match="44030500, an area that is not registered"):
        cameras.add(connection, name="late", facts=replace(facts, gb_code="44030500111320000002"))
    # The early one may be changed all the same.
    assert not cameras.change(connection, replace(early, enabled=False), START).enabled


class TestShiftedPlaces:
    """Coordinates that were read off a Chinese map."""

    REAL = Place(121.44, 31.19)
    SHIFTED = gcj02_of(REAL)

    def facts(self, place: Place, **others: str) -> CameraFacts:
        at = {"longitude": place.longitude, "latitude": place.latitude}
        return CameraFacts(**{"region": "310104", "address": "天钥桥路 100 号", **others, **at})  # type: ignore[arg-type]

    def test_one_that_only_fits_its_address_when_shifted_back_is_refused(
        self, connection: Connection, camera: Camera
    ) -> None:
        with pytest.raises(BadInput, match="GCJ-02") as caught:
            cameras.add(connection, name="second", facts=self.facts(self.SHIFTED))
        assert caught.value.field == "longitude"
        assert "121.44" in (caught.value.hint or "")

    def test_one_beside_the_others_is_taken(self, connection: Connection, camera: Camera) -> None:
        cameras.add(connection, name="second", facts=self.facts(Place(121.4403, 31.1901)))

    def test_another_address_proves_nothing(self, connection: Connection, camera: Camera) -> None:
        cameras.add(connection, name="second", facts=self.facts(self.SHIFTED, address="elsewhere"))

    def test_where_cameras_of_the_address_stand_both_ways_it_is_taken(
        self, connection: Connection, camera: Camera
    ) -> None:
        far = cameras.add(connection, name="second", facts=self.facts(Place(121.4447, 31.1881), address="x"))
        near_shifted = self.facts(self.SHIFTED, address="y")
        cameras.change(connection, far, START, facts=near_shifted)
        connection.execute(camera_table.update().where(camera_table.c.id == far.id).values(address="天钥桥路 100 号"))
        cameras.add(connection, name="third", facts=self.facts(self.SHIFTED))

    def test_a_camera_is_no_witness_against_itself(self, connection: Connection, camera: Camera) -> None:
        shifted = replace(FULL, longitude=self.SHIFTED.longitude, latitude=self.SHIFTED.latitude)
        cameras.change(connection, camera, START, facts=shifted)


def test_a_removed_camera_comes_back_with_all_it_had(connection: Connection, camera: Camera) -> None:
    closely = Attention(sensitivity=Sensitivity.HIGH)
    stream = streams.add(connection, camera.id, url="rtsp://10.0.0.1/a")
    stream_secrets.put(connection, KEY, stream, Login("ann", "secret"))
    zone = zones.add(connection, camera.id, name="yard", polygon=Polygon((Point(0, 0), Point(1, 0), Point(1, 1))))
    gone = zones.add(connection, camera.id, name="old", polygon=zone.polygon)
    zones.remove(connection, gone.id, START)
    line = lines.add(connection, camera.id, name="kerb", start=Point(0, 0), end=Point(1, 1))
    rule = rules.add(connection, camera.id, name="people", labels=["person"], zone=zone.id)
    attention.put(connection, camera.id, closely)
    before = snapshot.snapshot(connection).cameras
    cameras.remove(connection, camera.id, START)
    assert snapshot.snapshot(connection).cameras == ()
    for ask in (
        lambda: streams.get(connection, stream.id),
        lambda: zones.get(connection, zone.id),
        lambda: lines.get(connection, line.id),
        lambda: rules.get(connection, rule.id),
        lambda: rules.remove(connection, rule.id),
    ):
        with pytest.raises(NotFound):
            ask()
    restored = cameras.restore(connection, camera.id)
    assert (restored.camera, restored.facts, restored.revision) == (camera, FULL, 3)
    assert snapshot.snapshot(connection).cameras == before
    assert stream_secrets.get(connection, KEY, stream) == Login("ann", "secret")
    assert zones.of_camera(connection, camera.id) == [zone]
    assert (lines.of_camera(connection, camera.id), rules.of_camera(connection, camera.id)) == ([line], [rule])


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("North gate", NO_FACTS),
        ("other", CameraFacts(own_id="EDU-17")),
        ("other", CameraFacts(gb_code=CODE)),
    ],
)
def test_a_removed_camera_whose_place_was_taken_stays_removed_and_names_who_took_it(
    connection: Connection, camera: Camera, name: str, facts: CameraFacts
) -> None:
    cameras.remove(connection, camera.id, START)
    new = cameras.add(connection, name=name, facts=facts)
    with pytest.raises(Conflict, match=f"number {new.id}|camera {new.id} "):
        cameras.restore(connection, camera.id)
    with pytest.raises(NotFound):
        cameras.get(connection, camera.id)


def test_only_what_was_removed_can_be_restored(connection: Connection, camera: Camera) -> None:
    with pytest.raises(Conflict, match="was not removed"):
        cameras.restore(connection, camera.id)
    with pytest.raises(NotFound, match="never was one"):
        cameras.restore(connection, CameraId(99))


def test_a_moved_camera_leaves_its_past_with_the_old_owner(connection: Connection, camera: Camera) -> None:
    water = departments.add(connection, name="Water")
    cameras.change(connection, replace(camera, department=water.id), after(60))
    cameras.change(connection, camera, START + timedelta(hours=1))
    rows = connection.execute(select(former_owner).order_by(former_owner.c.until_at)).all()
    assert [(row.department, row.until_at) for row in rows] == [
        (departments.DEFAULT, after(60)),
        (water.id, START + timedelta(hours=1)),
    ]
