"""Unmaskings of what a camera shows live: beside those of its events, and apart from them."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection

from core.access import PersonId
from core.errors import Conflict
from core.ids import CameraId
from registry.access import unmaskings
from registry.access.unmasking import Unmasking, UnmaskingState
from tests.contracts.test_unmaskings import LASTS, NOW, approve, ask, of_the_weir, seen, wants_two
from tests.support.sharing import Neighbours, neighbours


@pytest.fixture
def town(connection: Connection) -> Neighbours:
    return neighbours(connection)


def ask_live(town: Neighbours, login: str = "water.operator", camera: CameraId | None = None) -> Unmasking:
    person = PersonId(town[login].id)
    return unmaskings.ask_live(
        town.connection, person, camera or town.weir, town.rivers, "the open gate", NOW, lasts=LASTS
    )


def test_it_is_of_a_camera_and_open_at_once(town: Neighbours) -> None:
    asked = ask_live(town)
    assert (asked.live, asked.camera, asked.state) == (True, town.weir, UnmaskingState.OPEN)
    assert seen(town, asked, NOW) == asked
    assert seen(town, asked, NOW + LASTS).state is UnmaskingState.OVER
    assert not ask(town).live


def test_it_waits_for_a_second_person_once(town: Neighbours) -> None:
    wants_two(town, town.rivers)
    asked = ask_live(town)
    assert asked.state is UnmaskingState.WAITING
    with pytest.raises(Conflict, match=f"unmasking {asked.id} of camera {town.weir} waits"):
        ask_live(town)
    assert approve(town, asked).state is UnmaskingState.OPEN


def test_another_camera_another_person_and_an_event_wait_apart(town: Neighbours) -> None:
    wants_two(town, town.rivers)
    ask_live(town)
    ask_live(town, camera=CameraId(town.weir + 1))
    ask_live(town, login="water.admin")
    ask(town)


def test_one_of_an_event_at_that_moment_does_not_count(town: Neighbours) -> None:
    wants_two(town, town.rivers)
    of_event = ask(town)
    assert of_event.event == of_the_weir(town)
    assert ask_live(town).id != of_event.id
    with pytest.raises(Conflict, match=f"of event {of_event.event}"):
        ask(town)


def test_its_moment_is_that_of_asking(town: Neighbours) -> None:
    assert abs(ask_live(town).asked_at - NOW) < timedelta(seconds=1)
