"""The demo's cameras in a folder that was used before."""

import pytest

from registry import cameras, streams
from registry.db import Database
from registry.listing import list_cameras
from sharp_eyes.demo.city import PLAY_ON, furnish
from tests.support.builders import START
from tests.support.databases import sqlite_database

__all__ = ["sqlite_database"]

FIRST = f"rtsp://127.0.0.1:1000/clip.mp4{PLAY_ON}"
SECOND = f"rtsp://127.0.0.1:2000/clip.mp4{PLAY_ON}"


def urls(database: Database) -> dict[str, str]:
    with database.read() as connection:
        return {listed.camera.name: listed.streams[0].url for listed in list_cameras(connection).items}


def test_the_cameras_of_an_earlier_demo_show_the_new_server(sqlite_database: Database) -> None:
    furnish(sqlite_database, 3, FIRST)
    furnish(sqlite_database, 4, SECOND)
    assert list(urls(sqlite_database).values()) == [SECOND] * 4


def test_a_camera_that_somebody_added_keeps_what_it_shows(sqlite_database: Database) -> None:
    furnish(sqlite_database, 1, FIRST)
    with sqlite_database.write() as connection:
        mine = cameras.add(connection, name="mine").id
        streams.add(connection, mine, url="rtsp://camera.example/live")
    furnish(sqlite_database, 2, SECOND)
    found = urls(sqlite_database)
    assert found.pop("mine") == "rtsp://camera.example/live"
    assert list(found.values()) == [SECOND] * 2


@pytest.mark.parametrize("removed", [0, 1, 2])
def test_a_camera_that_somebody_removed_is_added_again(sqlite_database: Database, removed: int) -> None:
    furnish(sqlite_database, 3, FIRST)
    before = urls(sqlite_database)
    with sqlite_database.write() as connection:
        number = list_cameras(connection).items[removed].camera.id
        cameras.remove(connection, number, START)
    furnish(sqlite_database, 3, FIRST)
    assert urls(sqlite_database).keys() == before.keys()
