"""Texts of cells as values: numbers, days, yes and no, JSON."""

import json
import math
import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from .columns import Column

_YES: Final = frozenset({"true", "yes", "y", "1", "on", "是", "启用", "开", "√"})
_NO: Final = frozenset({"false", "no", "n", "0", "off", "否", "停用", "禁用", "关", "×"})
_DAY: Final = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_WHOLE: Final = re.compile(r"[+-]?\d{1,9}(\.0+)?")
_WORDS: Final[Mapping[Column, Mapping[str, int]]] = {
    Column.POINT_CLASS: {"一类": 1, "二类": 2, "三类": 3, "其他": 9},
    Column.PTZ_TYPE: {"球机": 1, "半球": 2, "固定枪机": 3, "枪机": 3, "遥控枪机": 4},
    Column.ROOM_TYPE: {"室外": 1, "室内": 2},
}
"""Words of GB/T 28181's catalogue for its numbers."""


class NoValue(Exception):
    """A text that is no value of its column: what was expected."""

    def __init__(self, expected: str, hint: str | None = None) -> None:
        super().__init__(expected)
        self.expected = expected
        self.hint = hint


def value_of(column: Column, text: str) -> Any:
    """What `text` means in a column that is no stream's. Raises `NoValue`."""
    return _READERS.get(column, _text)(column, text)


def _text(column: Column, text: str) -> str:
    return text


def _gb_code(column: Column, text: str) -> str:
    if re.fullmatch(r"\d(\.\d+)?[eE]\+?\d+", text):
        raise NoValue(
            "20 digits", "a spreadsheet has turned the code into a number and lost its last digits: format it as text"
        )
    return re.sub(r"\s", "", text)


def _whole(column: Column, text: str) -> int:
    word = _WORDS.get(column, {}).get(text)
    if word is not None:
        return word
    if not _WHOLE.fullmatch(text):
        raise NoValue("a whole number")
    return int(float(text))


def _number(column: Column, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or "_" in text:
        hint = "write a decimal point, not a comma" if re.fullmatch(r"-?\d+,\d+", text) else None
        raise NoValue("a number, 116.3974 for example", hint)
    return value


def _yes_or_no(column: Column, text: str) -> bool:
    word = text.casefold()
    if word not in _YES | _NO:
        raise NoValue("true or false, yes or no, 1 or 0, 是 or 否")
    return word in _YES


def _day(column: Column, text: str) -> date:
    found = _DAY.match(text)
    try:
        if found is None or not re.fullmatch(r"([ T]\d{1,2}:\d{2}(:\d{2})?)?", text[found.end() :]):
            return date.fromisoformat(text)
        return date(*(int(part) for part in found.groups()))
    except ValueError:
        raise NoValue("a day, 2024-05-31 for example") from None


def _resolution(column: Column, text: str) -> str:
    return re.sub(r"\s*[x×X*]\s*", "x", text)


def _json_object(column: Column, text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise NoValue('a JSON object, {"pole": "L12"} for example')
    return value


_READERS: Final[Mapping[Column, Callable[[Column, str], Any]]] = {
    Column.GB_CODE: _gb_code,
    Column.GB_EDITION: _whole,
    Column.ENABLED: _yes_or_no,
    Column.LONGITUDE: _number,
    Column.LATITUDE: _number,
    Column.POINT_CLASS: _whole,
    Column.PTZ_TYPE: _whole,
    Column.ROOM_TYPE: _whole,
    Column.LOOK_DIRECTION: _number,
    Column.FIELD_OF_VIEW: _number,
    Column.INSTALLED_ON: _day,
    Column.RECORDING_DAYS: _whole,
    Column.RESOLUTION: _resolution,
    Column.EXTRA: _json_object,
}
