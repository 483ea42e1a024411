"""What is to become of a camera's streams and their logins."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from core.camera import Login, Stream, StreamId, StreamRole

from .checking import Address, Wanted, WantedLogin
from .columns import Column
from .verdicts import FieldChange, Refusal


@dataclass(frozen=True, slots=True)
class StreamPlan:
    """A stream to be made or changed."""

    column: Column
    role: StreamRole
    url: str
    before: Stream | None
    login: Login | None = field(repr=False)
    """As it is to be."""
    login_before: Login | None = field(repr=False)

    @property
    def changes(self) -> Iterator[FieldChange]:
        if self.before is None or self.before.url != self.url:
            yield FieldChange(self.column, None if self.before is None else self.before.url, self.url)
        if self.login != self.login_before:
            yield FieldChange("login", None, "changed")


def plan_streams(
    wanted: Wanted, streams: Mapping[StreamRole, Stream], logins: Mapping[StreamId, Login]
) -> list[StreamPlan] | Refusal:
    """The streams that `wanted` makes or changes, of a camera that has `streams` with `logins`."""
    plans = []
    for role, address in _addresses(wanted, streams).items():
        before = streams.get(role)
        if address.is_hidden and (before is None or before.url != address.url):
            hint = "write the address with its token"
            return Refusal(address.column, None, "a whole address: *** stands where a secret was hidden", hint)
        kept = None if before is None else logins.get(before.id)
        login = _login(address, before, kept, wanted.login)
        plan = StreamPlan(address.column, role, address.url, before, login, kept)
        if any(plan.changes):
            plans.append(plan)
    if wanted.login.is_given and not wanted.addresses and not streams:
        return Refusal(Column.USER, None, "an address beside the login", "the camera has no stream yet: fill in url")
    return plans


def _addresses(wanted: Wanted, streams: Mapping[StreamRole, Stream]) -> Mapping[StreamRole, Address]:
    """What the row says; where it gives a login alone, that is for all the streams there are."""
    if wanted.addresses or not wanted.login.is_given:
        return wanted.addresses
    return {role: Address(_column(role), one.url, None, is_hidden=True) for role, one in streams.items()}


def _column(role: StreamRole) -> Column:
    return Column.URL if role is StreamRole.DETECT else Column(f"{role.value}_url")


def _login(address: Address, before: Stream | None, kept: Login | None, columns: WantedLogin) -> Login | None:
    """The login as it is to be: what the columns say, else what the address brings, else what is kept for the same
    server; tokens belong to their address."""
    stays = before is not None and _server(before.url) == _server(address.url)
    base = address.login
    if base is None or not base.names_user:
        base = kept if stays else None
    user = columns.user if columns.user is not None else base.user if base else ""
    password = columns.password if columns.password is not None else base.password if base else ""
    tokens_of = kept if address.is_hidden else address.login
    login = Login(user, password, () if tokens_of is None else tokens_of.tokens)
    return login if login.names_user or login.tokens else None


def _server(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port
