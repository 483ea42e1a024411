"""What a row of a file wants, as far as the row alone can tell."""

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final
from urllib.parse import quote

from core.camera import Login, StreamRole
from core.errors import BadInput

from .columns import SECRET, Column, shown
from .file_rows import BrokenRow, FileRow
from .values import NoValue, value_of
from .verdicts import Refusal

CheckAddress = Callable[[str], tuple[str, Login | None]]
"""Takes the secrets out of a stream's URL. Raises `BadInput` for a URL that no reader would open."""
HideSecrets = Callable[[str], str]
"""A text without the passwords and tokens that addresses in it may hold."""

HIDDEN: Final = "***"
"""Stands in an exported address where a token was."""
URL_COLUMNS: Final[Mapping[Column, StreamRole]] = {
    Column.URL: StreamRole.DETECT,
    Column.RECORD_URL: StreamRole.RECORD,
    Column.LIVE_URL: StreamRole.LIVE,
}
_LONGEST_CELL: Final = 16_384
_LONGEST_DIGITS: Final = 15
"""A spreadsheet's numbers are right up to here."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a row says that a stream is."""

    column: Column
    url: str
    """Without secrets."""
    login: Login | None
    is_hidden: bool = False
    """It has *** in place of a token, as an export shows it: it can only mean the address that is kept."""


@dataclass(frozen=True, slots=True)
class WantedLogin:
    """What the columns for user name and password say: None where a cell is empty, an empty text where it clears."""

    user: str | None = None
    password: str | None = field(default=None, repr=False)

    @property
    def is_given(self) -> bool:
        return self.user is not None or self.password is not None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a row wants its camera to be. What it does not name stays."""

    row: int
    name: str | None
    """To be shown beside the verdict."""
    fields: Mapping[Column, Any]
    """The camera's own fields; None clears one. The department is not among them."""
    department: str | None = None
    """Name or number."""
    addresses: Mapping[StreamRole, Address] = field(default_factory=dict)
    login: WantedLogin = WantedLogin()


class RowCheck:
    """Checks rows one by one. Any thread."""

    def __init__(self, check_address: CheckAddress, hide_secrets: HideSecrets) -> None:
        self._check_address = check_address
        self._hide_secrets = hide_secrets

    def check(self, row: FileRow | BrokenRow) -> Wanted | tuple[str | None, tuple[Refusal, ...]]:
        """What `row` wants; or its name and why it is refused."""
        if isinstance(row, BrokenRow):
            return None, (Refusal(None, self.shown(row.found), row.expected, row.hint),)
        row = replace(row, cells={column: _composed(text) for column, text in row.cells.items()})
        faults: list[Refusal] = []
        fields: dict[Column, Any] = {}
        for column, text in row.cells.items():
            if text is not None and (fault := self._unfit(row, column, text)) is not None:
                faults.append(fault)
            elif column not in SECRET and column is not Column.DEPARTMENT:
                try:
                    fields[column] = None if text is None else value_of(column, text)
                except NoValue as error:
                    faults.append(Refusal(column, self.shown(text or ""), error.expected, error.hint))
        name = row.cells.get(Column.NAME)
        name = None if name is None else self.shown(name)
        if Column.DEPARTMENT in row.cells and row.cells[Column.DEPARTMENT] is None:
            faults.append(Refusal(Column.DEPARTMENT, "-", "a department: each camera belongs to one"))
        login = self._login(row, faults)
        addresses = {} if faults else self._addresses(row, login, faults)
        if faults:
            return name, tuple(faults)
        return Wanted(row.number, name, fields, row.cells.get(Column.DEPARTMENT), addresses, login)

    def shown(self, text: str) -> str:
        """`text` as a verdict may repeat it."""
        return shown(self._hide_secrets(text))

    def _unfit(self, row: FileRow, column: Column, text: str) -> Refusal | None:
        """What is wrong with a cell whatever its column means."""
        if len(text) > _LONGEST_CELL:
            return Refusal(column, f"{len(text)} characters", f"at most {_LONGEST_CELL}")
        odd = next((one for one in text if one == "\0" or "\ud800" <= one <= "\udfff"), None)
        if odd is not None:
            return Refusal(column, f"<U+{ord(odd):04X}>", "text")
        digits = sum(one.isdigit() for one in text)
        if column in row.numeric and column in (Column.GB_CODE, Column.OWN_ID) and digits > _LONGEST_DIGITS:
            hint = "a spreadsheet keeps 15 digits of a number: format the column as text, and write the code anew"
            return Refusal(column, self.shown(text), "a code kept as text", hint)
        return None

    def _login(self, row: FileRow, faults: list[Refusal]) -> WantedLogin:
        found = {column: row.cells[column] or "" for column in (Column.USER, Column.PASSWORD) if column in row.cells}
        login = WantedLogin(found.get(Column.USER), found.get(Column.PASSWORD))
        if not login.is_given:
            return login
        try:
            self._check_address(f"rtsp://{_encoded(login.user or '', login.password or '')}@camera.invalid/")
        except BadInput as error:
            faults.append(Refusal(next(iter(found)), None, "a login as a camera takes it", error.message))
        except UnicodeEncodeError:
            pass  # told of the cell already
        return login

    def _addresses(self, row: FileRow, login: WantedLogin, faults: list[Refusal]) -> dict[StreamRole, Address]:
        addresses = {}
        for column, role in URL_COLUMNS.items():
            if column not in row.cells:
                continue
            text = row.cells[column]
            if text is None:
                faults.append(Refusal(column, "-", "an address", "a stream is removed by the API, not by an import"))
                continue
            try:
                address = self._address(column, text)
            except BadInput as error:
                faults.append(Refusal(column, None, error.message, error.hint))
                continue
            if address.login is not None and _differ(address.login, login):
                expected = "one login: the address and the columns for user name and password name different ones"
                faults.append(Refusal(column, None, expected, "leave the login out of the address"))
                continue
            addresses[role] = address
        return addresses

    def _address(self, column: Column, text: str) -> Address:
        if HIDDEN in text and "@" not in text:
            return Address(column, text, None, is_hidden=True)
        url, login = self._check_address(text)
        return Address(column, url, login)


def _composed(text: str | None) -> str | None:
    """As names are kept: else the same one would look like another."""
    return None if text is None else unicodedata.normalize("NFC", text)


def _encoded(user: str, password: str) -> str:
    return f"{quote(user, safe='')}:{quote(password, safe='')}"


def _differ(login: Login, wanted: WantedLogin) -> bool:
    if not login.names_user or not wanted.is_given:
        return False
    return wanted.user not in (None, login.user) or wanted.password not in (None, login.password)
