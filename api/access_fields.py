"""The words of people, sessions and keys in requests and answers."""

from typing import Annotated

from fastapi import Path
from pydantic import Field, SecretStr

from core.access import ApiKeyId, PersonId, Role
from core.camera import DepartmentId
from registry.access.sessions import SessionId
from registry.departments import list_departments
from registry.idempotency import Transaction

from .answers import Named
from .fields import LAST_NUMBER, Body, Instant, Text

_Counted = Field(ge=1, le=LAST_NUMBER)
PersonNumber = Annotated[PersonId, _Counted]
PersonInPath = Annotated[PersonNumber, Path(description="The person's number.")]
SessionInPath = Annotated[SessionId, _Counted, Path(description="The session's number.")]
ApiKeyInPath = Annotated[ApiKeyId, _Counted, Path(description="The key's number.")]

Login = Annotated[Text, Field(description="What one signs in with: 2 to 64 letters, digits, . _ - @; small or not.")]
PersonName = Annotated[Text, Field(description="What others call the person.", examples=["李伟"])]
GivenRole = Annotated[Role, Field(description="What somebody does here.")]
Password = Annotated[SecretStr, Field(max_length=1024)]
Token = Annotated[SecretStr, Field(max_length=512, description="`token` of the link.")]


class InvitationView(Body):
    """A link by which somebody chooses a password; it works once, and is shown once."""

    path: str = Field(description="What comes after the server's address.", examples=["/#/welcome?token=..."])
    expires_at: Instant


def link(token: str) -> str:
    """The path of the console's page on which a password is chosen. What follows `#` no server sees, or keeps in a
    log."""
    return f"/#/welcome?token={token}"


class Departments:
    """The names of all departments, as a connection sees them."""

    def __init__(self, connection: Transaction) -> None:
        self._names = {one.id: one.name for one in list_departments(connection)}

    def named(self, number: DepartmentId | None) -> Named | None:
        """One of them; None where somebody is of none."""
        return None if number is None else self.owner(number)

    def owner(self, number: DepartmentId) -> Named:
        """One of them, whose something is."""
        return Named(id=number, name=self._names[number])
