"""Departments that move: none slips out of a hold on a department above it."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from core.camera import DepartmentId
from core.errors import Conflict
from registry.access.department_tree import DepartmentTree

from .held import Span, held, lock_holds


@contextmanager
def staying_held(connection: Connection, department: DepartmentId) -> Iterator[None]:
    """What is changed in this context leaves all held that a hold keeps of `department` and of those below it.

    Raises `Conflict` at its end where some of it is not any more; the transaction is to be rolled back then.
    """
    lock_holds(connection)
    below = DepartmentTree(connection).within(department)
    before = held(connection).departments
    yield
    if not before:
        return
    after = held(connection).departments
    for one in sorted(below):
        for span in before.get(one, ()):
            if not _is_within(span, after.get(one, ())):
                raise Conflict(
                    f"department {department} would not be under a hold any more that is on a department above it",
                    hint="take a hold on the department itself for the same time first, or release the one above",
                )


def _is_within(span: Span, spans: Iterable[Span]) -> bool:
    return any(from_at <= span[0] and span[1] <= until_at for from_at, until_at in spans)
