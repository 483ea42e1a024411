"""Uptime and spells of what is granted: from the grant's beginning on, and only while the owner had the camera."""

from datetime import datetime

from sqlalchemy import Connection

from core.camera import DepartmentId
from core.ids import CameraId, EventId, first_event_id
from registry import spells
from registry.access.tenures import lowest_id
from registry.reach import EVERYTHING, Reach
from registry.spans import CameraSpan
from registry.uptime.answers import grouped
from registry.uptime.asked import By, Period, Which
from tests.contracts.test_uptime import CITY, LIVE, ONE_DAY, REFUSED, WATER, Place, furnish

A_DAY = 96
"""Slots."""


def live_hours(place: Place, reach: Reach, by: By = By.DAY) -> dict[str, float]:
    first = place.days.of(place.now - 9 * ONE_DAY)
    found = grouped(
        place.connection, place.days, place.now, by, Period(first, place.days.of(place.now)), Which(reach=reach)
    )
    return {one.key: one.online_ms / 3_600_000 for one in found if one.online_ms}


def test_uptime_of_a_grant_begins_with_its_first_whole_day(connection: Connection) -> None:
    """Whether it is counted already or not."""
    place = furnish(connection)
    place.say(0, LIVE)
    place.tick(4 * A_DAY)  # 2025-10-24 12:00 to 2025-10-28 12:00
    since = datetime.fromisoformat("2025-10-26T08:00Z")
    camera = place.streams[0].camera
    for _ in range(2):
        for reach in (
            Reach(departments={CITY: lowest_id(since)}),
            Reach(spans=[CameraSpan(camera, lowest_id(since))]),
        ):
            assert live_hours(place, reach) == {"2025-10-27": 24, "2025-10-28": 12}
        midnight = first_event_id(datetime.fromisoformat("2025-10-26T00:00Z"))
        assert "2025-10-26" in live_hours(place, Reach(departments={CITY: midnight}))
        place.count()


def test_uptime_of_a_camera_that_goes_on_leaves_out_when_it_was_somebody_elses(connection: Connection) -> None:
    """It goes to the water department for two days, and comes back."""
    place = furnish(connection)
    place.say(1, LIVE)
    camera = place.streams[1].camera
    place.tick(A_DAY)
    place.move(1, WATER)
    gone = place.now
    place.tick(2 * A_DAY)
    place.move(1, CITY)
    back = place.now
    place.tick(A_DAY)
    spans = [CameraSpan(camera, EventId(0), EventId(first_event_id(gone) - 1)), CameraSpan(camera, lowest_id(back))]
    for _ in range(2):
        assert live_hours(place, Reach(spans=spans)) == {"2025-10-24": 12, "2025-10-28": 12}
        # What is a department's counts beside it, and nothing twice.
        both = Reach(spans=spans, departments={WATER: lowest_id(gone)})
        assert live_hours(place, both, By.DEPARTMENT) == {str(CITY): 24, str(WATER): 36}
        place.count()


def test_spells_are_cut_where_the_grant_begins_and_where_the_camera_was_moved(connection: Connection) -> None:
    place = furnish(connection)
    camera = place.streams[0].camera
    states = []
    for nth in range(8):
        place.say(0, REFUSED if nth % 2 else LIVE)
        states.append(place.now)
        place.tick(4)
        if nth == 3:
            place.move(0, WATER)
            moved = place.now
            place.tick(4)
    since = states[1] + (states[2] - states[1]) / 2

    def told(reach: Reach, limit: int = 100) -> list[tuple[datetime, datetime | None]]:
        found, cursor = list[tuple[datetime, datetime | None]](), None
        while True:
            page = spells.timeline(
                connection, CameraId(camera), states[0], place.now, cursor=cursor, limit=limit, reach=reach
            )
            found += [(one.from_at, one.until_at) for one in page.items]
            if (cursor := page.next) is None:
                return found

    everything = told(EVERYTHING)
    assert [begun for begun, _ in everything] == states[::-1]
    both = Reach(departments={DepartmentId(CITY): EventId(0), WATER: EventId(0)})
    assert told(both) == everything
    for limit in (1, 2, 100):
        before_it_was_moved = Reach(departments={CITY: lowest_id(since)})
        assert told(before_it_was_moved, limit) == [
            (states[3], moved),
            (states[2], states[3]),
            (since, states[2]),
        ]
        afterwards = Reach(departments={WATER: EventId(0)})
        assert told(afterwards, limit) == [*everything[:4], (moved, states[4])]
