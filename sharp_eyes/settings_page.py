"""The reference of all settings, as a page in Markdown."""

from collections.abc import Iterator
from typing import Any, Final

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from .settings import Settings
from .settings_file import is_secret

_HEAD = """# Settings

The settings of the process stand in `sharp-eyes.toml`: named with `--config` or `SHARP_EYES_CONFIG`, else the one in
the folder where the program is started. A variable overrides the file: `SHARP_EYES_API__PORT` is `api.port`. Cameras,
zones and rules are not settings: they live in the database, and change while the system runs.

`./run config check` finds every fault, `./run config show` prints what is in force, and `./run config reference` prints
this page.
"""

_SIGNS: Final = {
    "minimum": "&ge;",
    "exclusiveMinimum": "&gt;",
    "maximum": "&le;",
    "exclusiveMaximum": "&lt;",
    "minLength": "length &ge;",
}
"""How the bounds of a JSON schema are shown."""


def settings_page() -> str:
    """The whole page: a table of settings for each table of the file."""
    return "\n".join([_HEAD, *_tables(Settings, ""), ""])


def _tables(model: type[BaseModel], prefix: str) -> Iterator[str]:
    rows: list[str] = []
    below: list[tuple[type[BaseModel], str]] = []
    schemas = model.model_json_schema()["properties"]
    for key, field in model.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            below.append((field.annotation, f"{prefix}{key}"))
        else:
            rows.append(_row(f"{prefix}{key}", field, schemas[key]))
    title = f"[{prefix.removesuffix('.')}]" if prefix else "At the top"
    yield "\n".join([f"## {title}", "", _sentence(model.__doc__ or ""), "", "| setting | default | bounds | what |"])
    yield "\n".join(["|---|---|---|---|", *rows, ""])
    for inner, name in below:
        yield from _tables(inner, f"{name}.")


def _row(key: str, field: FieldInfo, schema: dict[str, Any]) -> str:
    default = field.get_default(call_default_factory=True)
    shown = "unset" if default is None else f"`{default}`"
    if is_secret(field):
        shown = "unset; environment only"
    return f"| `{key}` | {shown} | {_bounds(schema)} | {_sentence(field.description or '')} |"


def _bounds(schema: dict[str, Any]) -> str:
    """The bounds in a setting's JSON schema; one that may be unset has them in its first alternative."""
    bounded = {**schema.get("anyOf", [{}])[0], **schema}
    return ", ".join(f"{sign} {bounded[name]}" for name, sign in _SIGNS.items() if name in bounded)


def _sentence(text: str) -> str:
    """`text` on one line, fit for a table's cell."""
    return " ".join(text.split()).replace("|", "\\|")
