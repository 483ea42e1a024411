"""Reading `sharp-eyes.toml` and `SHARP_EYES_*`: every fault at once, each with its place."""

import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin

from pydantic import BaseModel, SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from core.errors import BadInput
from ingest.address import hide_secrets

Model = TypeVar("Model", bound=BaseModel)

PREFIX = "SHARP_EYES_"
INTERNAL = frozenset({"SHARP_EYES_CONFIG", "SHARP_EYES_SUPERVISED", "SHARP_EYES_SKIP_CONSOLE"})
"""Variables of ours that are no settings."""
_LARGEST_FILE_BYTES = 1 << 20
_LONGEST_SHOWN = 80


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with the settings."""

    where: str
    """File and line, or the environment variable."""
    key: str
    found: str
    expected: str

    def __str__(self) -> str:
        return f"{self.where}: {self.key}: found {self.found}; {self.expected}"


class SettingsFaults(BadInput):
    """All that is wrong with the settings."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(
            "\n".join(str(fault) for fault in faults), hint="run `sharp-eyes config check` after the change"
        )
        self.faults = faults


def read_settings(model: type[Model], file: Path | None, environment: Mapping[str, str] | None = None) -> Model:
    """`model` filled from `file` (TOML), overridden by the environment (`SHARP_EYES_API__PORT` is `api.port`).

    Raises `SettingsFaults` with every fault: unreadable file, unknown keys, values out of bounds.
    """
    environment = os.environ if environment is None else environment
    text, values = _read_file(file)
    faults = list(_secrets_in_file(model, values, file, text))
    variables: dict[tuple[str, ...], str] = {}
    for name in sorted(name for name in environment if name.startswith(PREFIX) and name not in INTERNAL):
        path = tuple(name.removeprefix(PREFIX).lower().split("__"))
        table = _table(model, path[:-1])
        if table is None or path[-1] not in table.model_fields:
            faults.append(_unknown(f"environment variable {name}", path, table))
            continue
        variables[path] = name
        is_list = get_origin(table.model_fields[path[-1]].annotation) in (list, tuple)
        _put(values, path, environment[name].split(",") if is_list else environment[name])
    try:
        settings = model.model_validate(values)
    except ValidationError as error:
        faults = [_fault(detail, model, file, text, variables) for detail in error.errors()] + faults
    if faults:
        raise SettingsFaults(faults)
    return settings


def _read_file(file: Path | None) -> tuple[str, dict[str, Any]]:
    if file is None:
        return "", {}
    try:
        with file.open("rb") as opened:
            data = opened.read(_LARGEST_FILE_BYTES + 1)
        if len(data) > _LARGEST_FILE_BYTES:
            raise _bad_file(file, f"more than {_LARGEST_FILE_BYTES} bytes", "expected a settings file in TOML")
        text = data.decode("utf-8-sig")
        return text, tomllib.loads(text)
    except FileNotFoundError:
        raise _bad_file(file, "nothing", "expected a settings file in TOML") from None
    except OSError as error:
        raise _bad_file(file, str(error.strerror), "expected a file that can be read") from None
    except UnicodeDecodeError as error:
        raise _bad_file(file, f"byte 0x{data[error.start]:02x} at {error.start}", "expected text in UTF-8") from None
    except (ValueError, RecursionError) as error:  # numbers of 5000 digits, brackets in a thousand brackets
        line = re.search(r"line (\d+)", str(error))
        where = f"{file}:{line[1]}" if line else str(file)
        raise _bad_file(where, f"text that is no TOML ({error})", "expected TOML") from None


def _bad_file(where: Path | str, found: str, expected: str) -> SettingsFaults:
    return SettingsFaults([Fault(str(where), "the file", found, expected)])


def _put(values: dict[str, Any], path: tuple[str, ...], value: str | list[str]) -> None:
    for part in path[:-1]:
        inner = values.setdefault(part, {})
        if not isinstance(inner, dict):
            return  # What stands there instead of a table is a fault of its own.
        values = inner
    values[path[-1]] = value


def _fault(
    detail: ErrorDetails, model: type[BaseModel], file: Path | None, text: str, variables: Mapping[tuple[str, ...], str]
) -> Fault:
    path = tuple(str(part) for part in detail["loc"])
    key = ".".join(path) or "the whole"
    names = tuple(part for part in path if not part.isdigit())
    if names in variables:
        where = f"environment variable {variables[names]}"
    elif file is not None:
        line = line_of(text, names)
        where = f"{file}:{line}" if line else str(file)
    else:
        where = "the settings"
    if detail["type"] == "extra_forbidden":
        return _unknown(where, path, _table(model, names[:-1]))
    # What was found is shown, but for what may hold a password.
    hidden = names[-1:] == ("database",) or _is_secret(model, names)
    found = "a value" if hidden else _short(hide_secrets(repr(detail["input"])))
    message = detail["msg"].removeprefix("Value error, ")
    return Fault(where, key, found, message[:1].lower() + message[1:])


def _secrets_in_file(
    model: type[BaseModel], values: dict[str, Any], file: Path | None, text: str, path: tuple[str, ...] = ()
) -> Iterator[Fault]:
    """A fault for each secret that stands in the file: such a file is copied, backed up and shown too easily."""
    for key, field in model.model_fields.items():
        if key not in values:
            continue
        inner, here = field.annotation, (*path, key)
        if is_secret(field):
            del values[key]
            variable = PREFIX + "__".join(here).upper()
            where = f"{file}:{line_of(text, here)}"
            yield Fault(where, ".".join(here), "a secret", f"expected in the environment variable {variable} alone")
        elif isinstance(inner, type) and issubclass(inner, BaseModel) and isinstance(values[key], dict):
            yield from _secrets_in_file(inner, values[key], file, text, here)


def is_secret(field: FieldInfo) -> bool:
    """Whether this setting may be given by the environment alone, and is never shown."""
    return SecretStr in (field.annotation, *get_args(field.annotation))


def _is_secret(model: type[BaseModel], path: tuple[str, ...]) -> bool:
    table = _table(model, path[:-1])
    field = table.model_fields.get(path[-1]) if table and path else None
    return field is not None and is_secret(field)


def _unknown(where: str, path: tuple[str, ...], table: type[BaseModel] | None) -> Fault:
    if table is None:
        known = "no such table"
    else:
        names = sorted(name for name, field in table.model_fields.items() if not is_secret(field))
        known = f"known here: {', '.join(names)}"
    return Fault(where, _short(".".join(path)), "an unknown key", known)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}..."


def _table(model: type[BaseModel], path: tuple[str, ...]) -> type[BaseModel] | None:
    """The table that `path` names; None where there is none."""
    for part in path:
        field = model.model_fields.get(part)
        if field is None or not isinstance(field.annotation, type) or not issubclass(field.annotation, BaseModel):
            return None
        model = field.annotation
    return model


def line_of(text: str, path: tuple[str, ...]) -> int | None:
    """The line of `text` (TOML) where the key `path` stands, else of its table."""
    table: tuple[str, ...] = ()
    table_line: int | None = None
    for number, line in enumerate(text.splitlines(), start=1):
        if header := re.match(r"\s*\[\[?\s*([^\]]+?)\s*\]\]?", line):
            table = tuple(part.strip().strip("\"'") for part in header[1].split("."))
            if table == path[: len(table)]:
                table_line = number
        elif entry := re.match(r"\s*([A-Za-z0-9_.\"'-]+)\s*=", line):
            key = tuple(part.strip("\"'") for part in entry[1].split("."))
            if (*table, *key) == path:
                return number
    return table_line
