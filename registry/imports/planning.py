"""What a row does to the registry, decided by what stands there and by the rows before it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from enum import IntEnum
from typing import Any, Final

from core.camera import Camera, CameraRecord, DepartmentId, StreamRole
from core.camera_facts import NO_FACTS, CameraFacts, changed_facts, review_facts
from core.errors import BadInput
from core.ids import CameraId

from ..camera_sites import site_of
from ..names import check_name
from .checking import HideSecrets, Wanted
from .claims import Claims
from .columns import Column, shown
from .known import Known
from .matching import camera_key, gb_code_key, match, name_key, own_id_key, repeated, url_key
from .rights import Rights
from .sites import CheckSite
from .stream_plans import StreamPlan, plan_streams
from .verdicts import FieldChange, Refusal, Verdict, VerdictKind, refused

_FACTS: Final = frozenset(one.name for one in fields(CameraFacts))
_NOT_YET: Final = CameraId(0)
_LONGEST_SHOWN: Final = 200


@dataclass(frozen=True, slots=True)
class Plan:
    """A row that is taken: what its camera is to be."""

    row: int
    before: CameraRecord | None
    """None: the camera is to be made."""
    camera: Camera
    """Its number is 0 where it is to be made."""
    facts: CameraFacts
    streams: tuple[StreamPlan, ...]
    changes: tuple[FieldChange, ...]

    @property
    def verdict(self) -> Verdict:
        owners = frozenset({self.camera.department})
        if self.before is None:
            return Verdict(self.row, VerdictKind.CREATED, self.camera.id or None, self.camera.name, owners=owners)
        if not self.changes:
            return Verdict(self.row, VerdictKind.UNCHANGED, self.camera.id, self.camera.name)
        owners |= {self.before.camera.department}
        return Verdict(self.row, VerdictKind.CHANGED, self.camera.id, self.camera.name, self.changes, owners=owners)


class Planner:
    """Decides row by row, in the order of the file. `claims` outlives it: it knows the rows of earlier batches."""

    def __init__(
        self, rights: Rights, known: Known, claims: Claims, check_site: CheckSite, hide_secrets: HideSecrets
    ) -> None:
        self._rights = rights
        self._owners = rights.owners
        self._check_site = check_site
        self._known = known
        self._claims = claims
        self._hide_secrets = hide_secrets

    def plan(self, wanted: Wanted, owner: DepartmentId) -> Plan | Verdict:
        """What `wanted` does; a verdict where it is refused. `owner`: its department, or the one of the whole file."""
        found = match(wanted, owner, self._known, self._claims)
        if isinstance(found, Refusal):
            return refused(wanted.row, wanted.name, self._hidden(found))
        before = None if found is None else self._known.records[found]
        if (foreign := self._rights.refusal(wanted, owner, before)) is not None:
            return refused(wanted.row, wanted.name, self._hidden(foreign))
        after, facts, refusals = self._after(wanted, owner, before)
        if refusals:
            return refused(wanted.row, wanted.name, *refusals)
        streams = plan_streams(wanted, self._known.streams.get(after.id, {}), self._known.logins)
        if isinstance(streams, Refusal):
            return refused(wanted.row, wanted.name, streams)
        keys = _keys(after, facts, streams)
        keys_before = {} if before is None else _keys(before.camera, before.facts, ())
        taken = [
            fault
            for key, column in keys.items()
            if key not in keys_before and (fault := self._taken(key, column, after, facts)) is not None
        ]
        if taken:
            return refused(wanted.row, wanted.name, *taken)
        changes = () if before is None else tuple(self._changes(before, after, facts, streams))
        freed = [f"free:{key}" for key in keys_before if key not in keys and not key.startswith("url:")]
        this = [] if before is None else [camera_key(after.id)]
        self._claims.take([*keys, *this, *freed], wanted.row)
        return Plan(wanted.row, before, after, facts, tuple(streams), changes)

    def _after(
        self, wanted: Wanted, owner: DepartmentId, before: CameraRecord | None
    ) -> tuple[Camera, CameraFacts, list[Refusal]]:
        """The camera as the row wants it, and what cannot be of that."""
        given: dict[str, Any] = {column.value: value for column, value in wanted.fields.items()}
        if Column.EXTRA in wanted.fields and given["extra"] is None:
            given["extra"] = {}
        if before is None:
            camera, old = Camera(_NOT_YET, "", owner), NO_FACTS
        else:
            camera, old = before.camera, before.facts
            if wanted.department is not None:
                camera = replace(camera, department=owner)
        facts, faults = review_facts(replace(old, **{name: given[name] for name in given.keys() & _FACTS}))
        refusals = [self._refusal(fault, given) for fault in faults]
        if not faults and (before is None or site_of(facts) != site_of(old)):
            try:
                self._check_site(camera.id or None, facts)
            except BadInput as fault:
                refusals.append(self._refusal(fault, given))
        if "enabled" in given and given["enabled"] is None:
            refusals.append(Refusal(Column.ENABLED, "-", "true or false"))
        if "name" not in given and before is None:
            hint = "a new camera needs a name; a known one is found by gb_code, own_id or url"
            refusals.append(Refusal(Column.NAME, None, "a name: no camera is known by what else the row says", hint))
        elif "name" in given:
            try:
                camera = replace(camera, name=check_name(given["name"] or "", "a camera"))
            except BadInput as fault:
                refusals.append(self._refusal(fault, given))
        if given.get("enabled") is not None:
            camera = replace(camera, enabled=given["enabled"])
        return camera, facts, refusals

    def _taken(self, key: str, column: Column, after: Camera, facts: CameraFacts) -> Refusal | None:
        """Why a camera cannot have `key` of `column`: another row or camera has it."""
        row = self._claims.row_of(key)
        value = {Column.NAME: after.name, Column.GB_CODE: facts.gb_code, Column.OWN_ID: facts.own_id}.get(column)
        if row is not None:
            return self._hidden(repeated(column, value, row))
        holder = self._holder(key, column, after, facts)
        if key in self._known.taken:
            return self._hidden(Refusal(column, value, f"another {column.value}: this one is taken"))
        if holder is None or holder == after.id or self._claims.row_of(f"free:{key}") is not None:
            return None
        hint = "each camera has its own; if it is that one, let the row name it by gb_code or own_id"
        return self._hidden(Refusal(column, value, f"another {column.value} than that of camera {holder}", hint))

    def _holder(self, key: str, column: Column, after: Camera, facts: CameraFacts) -> CameraId | None:
        match column:
            case Column.GB_CODE:
                return self._known.by_gb_code.get(facts.gb_code or "")
            case Column.OWN_ID:
                return self._known.by_own_id.get((after.department, facts.own_id or ""))
            case Column.NAME:
                return self._known.by_name.get((after.department, after.name))
            case _:
                others = self._known.by_url.get((after.department, key.split(":", 2)[2]), ())
                return next((one for one in others if one != after.id), None)

    def _refusal(self, fault: BadInput, given: Mapping[str, Any]) -> Refusal:
        found = given.get(fault.field or "")
        text = None if found is None else self._text(found)
        return Refusal(fault.field, text, self._hide_secrets(fault.message), fault.hint)

    def _hidden(self, refusal: Refusal) -> Refusal:
        return replace(
            refusal,
            found=None if refusal.found is None else self._text(refusal.found),
            expected=self._hide_secrets(refusal.expected),
        )

    def _changes(
        self, before: CameraRecord, after: Camera, facts: CameraFacts, streams: list[StreamPlan]
    ) -> Iterator[FieldChange]:
        old = before.camera
        if old.name != after.name:
            yield FieldChange(Column.NAME, self._text(old.name), self._text(after.name))
        if old.department != after.department:
            names = self._owners.names
            yield FieldChange(Column.DEPARTMENT, names[old.department], names[after.department])
        if old.enabled != after.enabled:
            yield FieldChange(Column.ENABLED, self._text(old.enabled), self._text(after.enabled))
        for name, was, becomes in changed_facts(before.facts, facts):
            yield FieldChange(name, self._text(was), self._text(becomes))
        logins = False
        for stream in streams:
            for change in stream.changes:
                if change.field != "login" or not logins:
                    yield change
                logins = logins or change.field == "login"

    def _text(self, value: Any) -> str | None:
        match value:
            case None:
                return None
            case bool():
                return "true" if value else "false"
            case IntEnum():
                return str(value.value)
            case date():
                return value.isoformat()
            case str():
                return shown(self._hide_secrets(value), _LONGEST_SHOWN)
            case Mapping():
                return shown(self._hide_secrets(json.dumps(dict(value), ensure_ascii=False)), _LONGEST_SHOWN)
            case _:
                return str(value)


def _keys(camera: Camera, facts: CameraFacts, streams: tuple[StreamPlan, ...] | list[StreamPlan]) -> dict[str, Column]:
    """What no two cameras share, each with the column that says it; of addresses, those that are new."""
    keys = {name_key(camera.department, camera.name): Column.NAME}
    if facts.gb_code:
        keys[gb_code_key(facts.gb_code)] = Column.GB_CODE
    if facts.own_id:
        keys[own_id_key(camera.department, facts.own_id)] = Column.OWN_ID
    for stream in streams:
        if stream.role is StreamRole.DETECT and (stream.before is None or stream.before.url != stream.url):
            keys[url_key(camera.department, stream.url)] = Column.URL
    return keys
