"""Which camera a row means."""

from core.camera import DepartmentId, StreamRole
from core.ids import CameraId

from .checking import Wanted
from .claims import Claims
from .columns import Column
from .known import Known
from .verdicts import Refusal


def gb_code_key(code: str) -> str:
    return f"gb_code:{code}"


def own_id_key(owner: DepartmentId, own_id: str) -> str:
    return f"own_id:{owner}:{own_id}"


def name_key(owner: DepartmentId, name: str) -> str:
    return f"name:{owner}:{name}"


def url_key(owner: DepartmentId, url: str) -> str:
    return f"url:{owner}:{url}"


def camera_key(number: CameraId) -> str:
    return f"camera:{number}"


def match(wanted: Wanted, owner: DepartmentId, known: Known, claims: Claims) -> CameraId | Refusal | None:
    """The camera that `wanted` means: by its GB/T 28181 code, else by `owner`'s own id, else by `owner` and address,
    else, in a row that has none of these, by `owner` and name. None: no camera yet.

    A refusal where another row has meant it already, or where what the row says of it cannot be.
    """
    code, own_id = wanted.fields.get(Column.GB_CODE), wanted.fields.get(Column.OWN_ID)
    address, name = wanted.addresses.get(StreamRole.DETECT), wanted.fields.get(Column.NAME)
    if code:
        if (row := claims.row_of(gb_code_key(code))) is not None:
            return repeated(Column.GB_CODE, code, row)
        if (found := known.by_gb_code.get(code)) is not None:
            return _unless_taken(found, Column.GB_CODE, code, claims)
    if own_id:
        if (row := claims.row_of(own_id_key(owner, own_id))) is not None:
            return repeated(Column.OWN_ID, own_id, row)
        if (found := known.by_own_id.get((owner, own_id))) is not None:
            return _unless_taken(found, Column.OWN_ID, own_id, claims)
    if address is not None:
        return _by_address(wanted, owner, address.url, known, claims)
    if name and not code and not own_id:
        if (row := claims.row_of(name_key(owner, name))) is not None:
            return repeated(Column.NAME, name, row)
        if (found := known.by_name.get((owner, name))) is not None:
            return _unless_taken(found, Column.NAME, name, claims)
    return None


def repeated(column: Column, found: str | None, row: int) -> Refusal:
    """The refusal of what another row has already."""
    hint = "each camera stands in the file once"
    return Refusal(column, found, f"another {column.value} than that of row {row} of this file", hint)


def _by_address(
    wanted: Wanted, owner: DepartmentId, url: str, known: Known, claims: Claims
) -> CameraId | Refusal | None:
    code, own_id = wanted.fields.get(Column.GB_CODE), wanted.fields.get(Column.OWN_ID)
    if not code and not own_id and (row := claims.row_of(url_key(owner, url))) is not None:
        return repeated(Column.URL, None, row)
    candidates = known.by_url.get((owner, url), ())
    if len(candidates) > 1:
        named = [one for one in candidates if known.records[one].camera.name == wanted.fields.get(Column.NAME)]
        if len(named) != 1:
            numbers = ", ".join(str(one) for one in candidates[:5])
            return Refusal(Column.URL, None, f"an address of one camera; cameras {numbers} have this one")
        candidates = named
    if not candidates:
        return None
    facts = known.records[candidates[0]].facts
    for column, has, says in ((Column.GB_CODE, facts.gb_code, code), (Column.OWN_ID, facts.own_id, own_id)):
        if has and says and has != says:
            hint = "another camera has another address; if it is this one, change it by hand"
            return Refusal(column, says, f"{has}: this is the address of camera {candidates[0]}", hint)
    return _unless_taken(candidates[0], Column.URL, None, claims)


def _unless_taken(number: CameraId, column: Column, found: str | None, claims: Claims) -> CameraId | Refusal:
    row = claims.row_of(camera_key(number))
    if row is None:
        return number
    hint = "each camera stands in the file once"
    return Refusal(column, found, f"another camera than row {row} of this file: both mean camera {number}", hint)
