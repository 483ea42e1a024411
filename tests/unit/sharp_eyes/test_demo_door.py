"""How the demo's console is entered, also in a folder that was used before."""

from registry.access import people, sessions
from registry.access.passwords import Passwords
from registry.access.settings import AccessSettings
from registry.db import Database
from sharp_eyes.demo.door import open_door
from tests.support.builders import START, FakeClock
from tests.support.databases import sqlite_database

__all__ = ["sqlite_database"]

CONSOLE = "http://127.0.0.1:8080/"
SETTINGS = AccessSettings()


def test_an_earlier_demo_lets_nobody_in_any_more(sqlite_database: Database) -> None:
    first = open_door(sqlite_database, CONSOLE, FakeClock(START))
    with sqlite_database.write() as connection:
        demo = people.find_by_login(connection, first.login)
        assert demo is not None
        _, token = sessions.begin(connection, demo, START, address="", agent="", settings=SETTINGS)
        assert sessions.find(connection, token, START, SETTINGS) is not None
    second = open_door(sqlite_database, CONSOLE, FakeClock(START))
    with sqlite_database.read() as connection:
        assert sessions.find(connection, token, START, SETTINGS) is None
        kept = people.kept_password(connection, demo.id)
    assert Passwords().verify(kept, second.password)
    assert not Passwords().verify(kept, first.password)
