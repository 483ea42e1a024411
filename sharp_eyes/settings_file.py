"""Reading `sharp-eyes.toml` and `SHARP_EYES_*`: every fault at once, each with its place."""

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from core.errors import BadInput

Model = TypeVar("Model", bound=BaseModel)

PREFIX = "SHARP_EYES_"
INTERNAL = frozenset({"SHARP_EYES_CONFIG", "SHARP_EYES_SUPERVISED", "SHARP_EYES_SKIP_CONSOLE"})
"""Variables of ours that are no settings."""


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
    variables: dict[tuple[str, ...], str] = {}
    for name, value in environment.items():
        if name.startswith(PREFIX) and name not in INTERNAL:
            path = tuple(name.removeprefix(PREFIX).lower().split("__"))
            variables[path] = name
            _put(values, path, value)
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise SettingsFaults([_fault(detail, model, file, text, variables) for detail in error.errors()]) from None


def _read_file(file: Path | None) -> tuple[str, dict[str, Any]]:
    if file is None:
        return "", {}
    try:
        text = file.read_text(encoding="utf-8")
        return text, tomllib.loads(text)
    except FileNotFoundError:
        raise SettingsFaults([Fault(str(file), "the file", "nothing", "expected a settings file in TOML")]) from None
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsFaults([Fault(str(file), "the file", str(error), "expected readable UTF-8 text")]) from None
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        where = f"{file}:{line[1]}" if line else str(file)
        raise SettingsFaults([Fault(where, "the file", f"text that is no TOML ({error})", "expected TOML")]) from None


def _put(values: dict[str, Any], path: tuple[str, ...], value: str) -> None:
    for part in path[:-1]:
        inner = values.setdefault(part, {})
        if not isinstance(inner, dict):
            return
        values = inner
    values[path[-1]] = value.split(",") if isinstance(values.get(path[-1]), list) else value


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
        known = _known_keys(model, names[:-1])
        return Fault(where, key, "an unknown key", f"known here: {', '.join(known)}" if known else "no such table")
    # What was found is shown, but for what may hold a password.
    found = "a value" if names[-1:] == ("database",) else repr(detail["input"])
    return Fault(where, key, found, detail["msg"][:1].lower() + detail["msg"][1:])


def _known_keys(model: type[BaseModel], path: tuple[str, ...]) -> list[str]:
    for part in path:
        field = model.model_fields.get(part)
        if field is None or not isinstance(field.annotation, type) or not issubclass(field.annotation, BaseModel):
            return []
        model = field.annotation
    return sorted(model.model_fields)


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
