"""Lists of numbers as one parameter of a statement."""

import json
from collections.abc import Iterable


def listed(numbers: Iterable[int], *, embedded: bool) -> str:
    """As JSON for SQLite's `json_each`, or as PostgreSQL writes an array: its driver would look at each number."""
    return json.dumps(list(numbers)) if embedded else f"{{{','.join(map(str, numbers))}}}"
