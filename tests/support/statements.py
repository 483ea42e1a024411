"""Hears what a test asks the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import get_ident

from sqlalchemy import Connection, Engine, event


@contextmanager
def said() -> Iterator[list[str]]:
    """The statements that this thread asks meanwhile. (Others may follow what earlier tests have left.)"""
    heard: list[str] = []
    here = get_ident()

    def hear(_: Connection, __: object, statement: str, *___: object) -> None:
        if get_ident() == here:
            heard.append(statement)

    event.listen(Engine, "before_cursor_execute", hear)
    try:
        yield heard
    finally:
        event.remove(Engine, "before_cursor_execute", hear)
