"""Who asks: every route but the public ones knows, and asks of it what it may show."""

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Request

from core.access import ApiKeyId, PersonId, Principal, Right, Role
from core.camera import DepartmentId
from core.errors import Forbidden, Hidden, NotFound, NothingToShow, NotSignedIn, Refused
from core.ids import CameraId
from registry.access import api_keys, people, sessions
from registry.access.home import is_of_the_city
from registry.access.sessions import SessionId
from registry.audit import entry as record
from registry.audit.entry import Act, Actor, Entry, Outcome
from registry.idempotency import Transaction
from registry.reach import Reach
from registry.visibility import Scope

from .services import Services


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, from where."""

    services: Services
    principal: Principal
    address: str
    """The client's IP address."""
    session: SessionId | None = None
    """By which a person is signed in; None: a program."""

    @property
    def person(self) -> PersonId | None:
        """The person, where it is one."""
        return self.principal.person

    def scope(self, connection: Transaction) -> Scope:
        """What the caller may see, as `connection` sees the registry."""
        return self.services.visibility.scope(connection, self.principal)

    def reach(self, connection: Transaction, right: Right) -> Reach:
        """What the caller reaches by `right`."""
        return self.scope(connection)[right]

    def is_still_in_force(self, connection: Transaction) -> bool:
        """Whether the session or key by which the caller asked would still let the same one in: for answers that go on
        for long."""
        at = self.services.clock.now()
        try:
            if self.person is not None:
                same = people.principal_of(people.get(connection, self.person)) == self.principal
                theirs = sessions.list_of(connection, self.person, at, self.services.access)
                return same and any(one.id == self.session for one in theirs)
            return api_keys.is_in_force(api_keys.get(connection, ApiKeyId(self.principal.id)), at)
        except NotFound:
            return False

    def require_role(self, *roles: Role, to: str) -> None:
        """Raises `Forbidden` unless the caller has one of `roles`; `to` says what for: `change regions`."""
        if self.principal.role not in roles:
            names = " or ".join(role.value.replace("_", " ") for role in roles)
            raise Forbidden(f"only a {names} may {to}; {self.principal.name!r} is {_a(self.principal.role)}")

    def require_person(self, *, to: str) -> PersonId:
        """The person. Raises `Forbidden` for a program: `to` says what people alone may do."""
        if self.person is None:
            raise Forbidden(f"only a person who is signed in may {to}, not a program with an API key")
        return self.person

    def entry(
        self,
        act: Act,
        kind: str,
        number: object = "",
        *,
        camera: CameraId | None = None,
        departments: Iterable[DepartmentId] = (),
        outcome: Outcome = Outcome.DONE,
        purpose: str = "",
        detail: Mapping[str, Any] | None = None,
    ) -> Entry:
        """An act of the caller, as it goes on record."""
        return Entry(
            at=self.services.clock.now(),
            act=act,
            actor=Actor.of(self.principal),
            address=self.address,
            object_kind=kind,
            object=str(number),
            outcome=outcome,
            camera=camera,
            departments=frozenset(departments),
            purpose=purpose,
            detail=detail or {},
        )

    def changed(self, connection: Transaction, act: Act, kind: str, number: object = "", **more: Any) -> None:
        """Put a change on record in its own transaction; `more` as `entry` takes it."""
        record.put(connection, self.entry(act, kind, number, **more))

    def looks(self, act: Act, kind: str, number: object = "", **more: Any) -> None:
        """Put a look on record; what it is about may be shown once this has returned. Never inside a transaction.

        Raises `Unavailable` where it cannot be recorded.
        """
        self.services.looks.record(self.entry(act, kind, number, **more))

    def looking(self, act: Act, kind: str, number: object = "", **more: Any) -> AbstractContextManager[None]:
        """Put a look on record while what is shown is made ready: it may be sent after the block, which must not end
        inside a transaction. Where what is left to do then fails, the record says that it was shown.

        Raises `Unavailable` at the end of the block where it cannot be recorded.
        """
        return self.services.looks.recording(self.entry(act, kind, number, **more))

    def note_refusal(self, error: Refused | NotFound) -> None:
        """Put on record that the caller was refused.

        What never was leaves a row, too, unless nothing is hidden from the caller: else the time that an answer takes,
        and the numbers of the rows after it, would tell it from what is hidden.
        """
        if isinstance(error, Refused):
            self.services.looks.submit(self._refusal(error))
        elif not (isinstance(error, NothingToShow) or is_of_the_city(self.principal)):
            self.services.looks.submit(self._refusal(Hidden(error.message, kind="missing")))

    def _refusal(self, error: Refused) -> Entry:
        departments = () if error.department is None else (DepartmentId(error.department),)
        camera = None if error.camera is None else CameraId(error.camera)
        return self.entry(
            Act.REFUSAL,
            error.kind,
            error.number,
            camera=camera,
            departments=departments,
            outcome=Outcome.REFUSED,
            detail={"why": error.message},
        )


async def _who(request: Request) -> Caller:
    """`async`, so that no thread is waited for."""
    caller: Caller | None = getattr(request.state, "caller", None)
    if caller is None:
        raise NotSignedIn("nobody is signed in")
    return caller


def _a(role: Role) -> str:
    words = role.value.replace("_", " ")
    return f"an {words}" if words[0] in "aeiou" else f"a {words}"


Who = Annotated[Caller, Depends(_who)]
