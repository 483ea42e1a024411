"""A filter as text, and back: what is kept of a subscription, and told in the record."""

import json
from dataclasses import fields
from typing import Final

from pydantic import TypeAdapter, ValidationError

from core.errors import BadInput

from .event_filter import EventFilter

_JSON: Final = TypeAdapter(EventFilter)
_NAMES: Final = frozenset(field.name for field in fields(EventFilter))


def filter_text(asked: EventFilter) -> str:
    """`asked` as JSON, without what it does not ask for."""
    return _JSON.dump_json(asked, exclude_defaults=True).decode()


def filter_of(text: str) -> EventFilter:
    """The filter in `text`, as `filter_text` writes it. Raises `BadInput` for what is none."""
    try:
        found = _JSON.validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise BadInput(f"a filter of events cannot be read: {place}: {first['msg']}", field="filter") from None
    # One that a later version wrote: without a condition of it more would be told than was asked for.
    if strange := set(json.loads(text)) - _NAMES:
        raise BadInput(f"a filter of events cannot be read: {min(strange)[:40]!r} is not known", field="filter")
    return found
