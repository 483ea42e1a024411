"""What is kept in memory of where cameras are says exactly what the database says."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from math import nextafter
from random import Random
from typing import Any, Final

import numpy as np
import pytest
from sqlalchemy import Connection, insert, text

from core.camera import DepartmentId
from core.ids import LAST_EVENT, CameraId, EventId
from core.place import Place
from events.index.event_filter import EventFilter
from events.index.filters import resolve
from events.index.sifter import Sifter
from registry.catalogue.areas import Around, Box
from registry.catalogue.ever_owned import ever_owned
from registry.catalogue.filter import CameraFilter
from registry.catalogue.joined import Numbers, read_columns
from registry.catalogue.known_whereabouts import known_whereabouts
from registry.catalogue.meant import MeantCameras, SoughtCameras
from registry.db import Database
from registry.reach import EVERYTHING, NOTHING, Reach
from registry.spans import CameraSpan
from registry.tables import camera, department, former_owner, region
from registry.version import raise_version
from tests.support.builders import START

CAMERAS: Final = 600
TRIES: Final = 250
CODES: Final = {"01": None, "0101": "01", "010101": "0101", "02": None, "0001": "02", "31": "0001", "77": None}
"""The region of each: that of 0001 is no other one's beginning, and 77 has no cameras."""


@dataclass(frozen=True)
class City:
    departments: tuple[DepartmentId, ...]
    places: tuple[Place, ...]
    """Where its cameras are."""


@pytest.fixture(scope="module")
def city(shared_database: Database) -> City:
    """Half of its cameras are about the meridian of Greenwich and the equator, where degrees are small."""
    rng = Random(20261127)
    owners, places = tuple(map(DepartmentId, range(2, 12))), list[Place]()
    with shared_database.write() as connection:
        raise_version(connection)
        connection.execute(insert(department), [{"id": one, "name": f"d{one}", "kind": "water"} for one in owners])
        for code, above in CODES.items():
            connection.execute(insert(region).values(code=code, name=code, parent=above))
        for number in range(1, 2 * CAMERAS, 2):
            place = None if rng.random() < 0.1 else a_place(rng)
            places += [] if place is None else [place]
            values = {
                "id": number,
                "name": f"c{number}",
                "department": rng.choice(owners),
                "enabled": rng.random() < 0.5,
                "longitude": None if place is None else place.longitude,
                "latitude": None if place is None else place.latitude,
                "region": rng.choice([None, *list(CODES)[:-1]]),
                "deleted_at": START if rng.random() < 0.2 else None,
                "search_text": "gate" if rng.random() < 0.5 else "",
            }
            connection.execute(insert(camera).values(**values))
            for move in range(rng.choice((0, 0, 0, 1, 1, 3))):
                moved = {"until_at": START + timedelta(hours=move), "department": rng.choice(owners)}
                connection.execute(insert(former_owner).values(camera=number, **moved))
    return City(owners, tuple(places))


def a_place(rng: Random) -> Place:
    """With few digits, so that several share a meridian; with all; very near to 0; and where meridians come close."""
    longitude, latitude = rng.uniform(-1, 1), rng.uniform(-1, 1)
    kind = rng.randrange(4)
    if kind == 0:
        return Place(round(longitude, 1), round(latitude, 1))
    if kind == 1:
        return Place(longitude * 10.0 ** -rng.randint(1, 12), latitude)
    return Place(longitude, latitude + 60 * (kind - 2))


def a_box(rng: Random, city: City) -> Box:
    """One whose corners are cameras, or right beside them."""
    one, other = rng.choice(city.places), rng.choice(city.places)
    (west, east), (south, north) = (
        sorted(rng.choice((side, nextafter(side, 9), nextafter(side, -9))) for side in sides)
        for sides in ((one.longitude, other.longitude), (one.latitude, other.latitude))
    )
    return Box(west, south, east, north)


def around_with_a_camera_on_its_edge(rng: Random, city: City) -> Around:
    """The last bit of the distance decides whether it is inside."""
    edge = rng.choice(city.places)
    across, up = rng.choice((0.0, rng.uniform(-0.4, 0.4))), rng.uniform(-0.4, 0.4)
    centre = Place(edge.longitude - across, edge.latitude - up)
    circle = Around(centre, 1).circle()
    up, across = edge.latitude - centre.latitude, edge.longitude - centre.longitude
    middle = circle.cos - circle.sin * up - circle.curve * up * up
    radius_m = ((up * up + across * across * middle * middle) / circle.square) ** 0.5
    for _ in range(rng.randrange(3)):
        radius_m = nextafter(radius_m, rng.choice((0, 1e9)))
    return Around(centre, radius_m)


def a_filter(rng: Random, city: City) -> dict[str, Any]:
    makers: dict[str, Callable[[], Any]] = {
        "box": lambda: a_box(rng, city),
        "around": lambda: around_with_a_camera_on_its_edge(rng, city),
        "region": lambda: rng.choice([*CODES, "99"]),
        "polygon": lambda: tuple((one.longitude, one.latitude) for one in rng.sample(city.places, rng.randint(3, 9))),
    }
    return {name: makers[name]() for name in rng.sample(list(makers), rng.choice((1, 1, 1, 2, 3)))}


def a_reach(rng: Random, city: City) -> Reach:
    """All, nothing, departments, single cameras, some of which were seen once, or both."""
    kind = rng.choice(("all", "all", "nothing", "departments", "cameras", "both"))
    if kind in ("all", "nothing"):
        return EVERYTHING if kind == "all" else NOTHING
    owners = [] if kind == "cameras" else rng.sample(city.departments, 3)
    numbers = [] if kind == "departments" else rng.sample(range(1, 2 * CAMERAS), 200)
    spans = [CameraSpan(CameraId(one), highest=rng.choice((LAST_EVENT, EventId(9)))) for one in numbers]
    return Reach(departments=dict.fromkeys(owners, EventId(0)), spans=spans)


def some_numbers(rng: Random) -> Numbers:
    """Of cameras, and of none."""
    return np.array(sorted(rng.sample(range(2 * CAMERAS + 50), rng.choice((0, 1, 40, 700)))), np.int64)


def test_the_cameras_that_are_meant_are_those_that_the_database_finds(shared_database: Database, city: City) -> None:
    rng, found = Random(1), 0
    with shared_database.read() as reading, shared_database.write() as writing:
        for _ in range(TRIES):
            meant, reach, some = MeantCameras.of(**a_filter(rng, city)), a_reach(rng, city), some_numbers(rng)
            assert meant is not None
            known, asked = SoughtCameras(reading, meant, reach), SoughtCameras(writing, meant, reach)
            assert known.are_at_hand
            assert known.all().tolist() == asked.all().tolist(), meant
            assert known.among(some).tolist() == asked.among(some).tolist(), meant
            assert known.all().dtype == asked.all().dtype == known.among(some).dtype == np.int64
            found += known.all().size
    assert found > 20 * TRIES


def test_who_stands_on_the_edge_of_a_circle_is_inside_for_both_or_for_neither(
    shared_database: Database, city: City
) -> None:
    rng = Random(4)
    with shared_database.read() as reading, shared_database.write() as writing:
        for _ in range(4 * TRIES):
            meant = MeantCameras.of(around=around_with_a_camera_on_its_edge(rng, city))
            assert meant is not None
            known, asked = SoughtCameras(reading, meant, EVERYTHING), SoughtCameras(writing, meant, EVERYTHING)
            assert known.all().tolist() == asked.all().tolist(), meant


def test_single_conditions_find_what_is_theirs(shared_database: Database, city: City) -> None:
    with shared_database.read() as connection:
        whereabouts = known_whereabouts(connection)
        assert whereabouts is not None
        for condition in ("deleted_at IS NOT NULL", "region IS NULL", "longitude IS NULL"):
            told = connection.scalars(text(f"SELECT id FROM camera WHERE {condition} ORDER BY id")).all()  # noqa: S608
            assert np.isin(told, whereabouts.numbers).all()
            assert len(told) > 20
        everywhere = whereabouts.fitting(CameraFilter(box=Box(-180, -90, 180, 90), removed=None))
        assert everywhere.size == len(city.places)
        above = whereabouts.fitting(CameraFilter(region="02", removed=None))
        statement = "SELECT id FROM camera WHERE region IN ('02', '0001', '31') ORDER BY id"
        assert above.tolist() == list(connection.scalars(text(statement)))


def test_conditions_on_what_is_not_known_are_refused(shared_database: Database, city: City) -> None:
    with shared_database.read() as connection:
        whereabouts = known_whereabouts(connection)
    assert whereabouts is not None
    for asked in (CameraFilter(), CameraFilter(q="gate", removed=None), CameraFilter(enabled=True, removed=None)):
        with pytest.raises(ValueError, match="only regions, places and a reach"):
            whereabouts.fitting(asked)


def test_texts_are_asked_of_the_database(shared_database: Database, city: City) -> None:
    meant = MeantCameras.of(q="gate", region="01")
    assert meant is not None
    with shared_database.read() as connection:
        sought = SoughtCameras(connection, meant, EVERYTHING)
        assert not sought.are_at_hand
        statement = "SELECT id FROM camera WHERE search_text = 'gate' AND region IN ('01', '0101', '010101')"
        assert sought.all().tolist() == sorted(connection.scalars(text(statement)))


def test_whom_cameras_ever_belonged_to_is_what_the_database_says(shared_database: Database, city: City) -> None:
    rng = Random(2)
    with shared_database.read() as reading, shared_database.write() as writing:
        assert known_whereabouts(reading) is not None
        for _ in range(60):
            numbers = some_numbers(rng)
            owners = rng.sample([*city.departments, DepartmentId(999)], rng.randint(0, 4))
            assert ever_owned(reading, numbers, owners).tolist() == ever_owned(writing, numbers, owners).tolist()


def test_degrees_are_read_to_the_last_bit(connection: Connection) -> None:
    rng = Random(3)
    told = [rng.uniform(-180, 180) * 10.0 ** -rng.choice((0, 0, 1, 3, 6, 12)) for _ in range(5_000)]
    told += [180.0, -180.0, 0.125, nextafter(0.125, 0), 0.0, 0.1 + 0.2]
    connection.exec_driver_sql("CREATE TEMPORARY TABLE told (place INTEGER, degrees DOUBLE PRECISION)")
    rows = [{"place": place, "degrees": degrees} for place, degrees in enumerate([*told, None])]
    connection.execute(text("INSERT INTO told VALUES (:place, :degrees)"), rows)
    (places,), (degrees,) = read_columns(connection, "told", numbers=("place",), degrees=("degrees",))
    assert degrees[np.argsort(places)].tolist()[:-1] == told
    assert np.isnan(degrees[np.argmax(places)])
    assert [
        one.size for some in read_columns(connection, "told WHERE place < 0", numbers=("place",)) for one in some
    ] == [0]
    connection.exec_driver_sql("DROP TABLE told")


def test_a_sifter_knows_from_the_beginning_which_cameras_are_meant(shared_database: Database, city: City) -> None:
    with shared_database.read() as connection:
        wanted = resolve(connection, EventFilter(region="02"))
        assert wanted is not None
        assert wanted.meant is not None
        sifter = Sifter(connection, wanted, EVERYTHING)
        assert sifter.wanted.meant is None
        assert sifter.wanted.cameras is not None
        assert sifter.wanted.cameras.tolist() == SoughtCameras(connection, wanted.meant, EVERYTHING).all().tolist()
        nowhere = resolve(connection, EventFilter(region="77"))
        assert nowhere is not None
        assert Sifter(connection, nowhere, EVERYTHING).finds_nothing
    with shared_database.write() as connection:
        assert Sifter(connection, wanted, EVERYTHING).wanted.meant is wanted.meant


def test_a_city_without_cameras_has_none(database: Database) -> None:
    meant = MeantCameras.of(box=Box(121, 31, 122, 32))
    assert meant is not None
    with database.read() as connection:
        sought = SoughtCameras(connection, meant, EVERYTHING)
        assert sought.are_at_hand
        assert sought.all().tolist() == sought.among(np.array([1, 2])).tolist() == []
